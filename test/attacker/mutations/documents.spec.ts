import { refusalsOf, verdictOf } from '../../support/vectors/verify.ts';
import { algorithms, cubic } from '../../support/attacks/algorithms.ts';
import { parsing } from '../../support/attacks/parsing.ts';
import { wrapping } from '../../support/attacks/wrapping.ts';
import { attackReport } from '../../support/attacks/attack.ts';
import { describeAttacks } from '../../support/attacks/describe-attacks.ts';

describeAttacks('A. wrapping', wrapping);
describeAttacks('B. parser', parsing);
describeAttacks('C. algorithms', algorithms);

describe('a cube under a key of exponent 3', () => {
  it('verifies under no strict reading of the block, and its key is too weak besides', () => {
    const report = attackReport(cubic);
    expect([verdictOf(report), refusalsOf(report)]).toEqual([cubic.verdict, ['signature-value', 'algorithms']]);
  });
});

describe('a document that is refused', () => {
  it.each([
    ['by its structure', wrapping[0]!],
    ['by a digest', wrapping.find(({ check }) => check === 'digests')!],
    ['by its signature value', algorithms.find(({ check }) => check === 'signature-value')!],
  ])('%s shows no text and no name', (_title, attack) => {
    expect(attackReport(attack)).toMatchObject({
      visibleText: null,
      nonVisibleData: null,
      signer: null,
      relyingParty: null,
    });
  });
});
