import { refusalsOf, verdictOf } from '../vectors/verify.ts';
import { attackReport, type Attack } from './attack.ts';

/** One test for each attack: the verdict in the words of the table, and which checks refuse. */
export function describeAttacks(list: string, attacks: readonly Attack[]): void {
  describe(`attack ${list}`, () => {
    it.each(attacks.map((attack) => ({ title: attack.title, attack })))('is refused: $title', ({ attack }) => {
      const report = attackReport(attack);
      expect([verdictOf(report), refusalsOf(report)]).toEqual([attack.verdict, [attack.check, ...(attack.also ?? [])]]);
    });
  });
}
