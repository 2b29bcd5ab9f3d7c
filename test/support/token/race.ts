import { setTimeout as delay } from 'node:timers/promises';

export const ROUNDS = 1000;
const AT_ONCE = 6;

let races = 0;

/** Runs `round` ROUNDS times, some at once, each on a consent of its own. */
export async function rounds(round: () => Promise<void>): Promise<void> {
  let left = ROUNDS;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await round();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Both at nearly the same moment. Who begins, and by how much, changes from round to round, so that either wins now and then. */
export async function race<A, B>(one: () => Promise<A>, other: () => Promise<B>): Promise<[A, B]> {
  races += 1;
  const lead = ((races * 7) % 41) - 10; // -10 to 30 ms, all of them before any comes again
  const [oneWaits, otherWaits] = [Math.max(lead, 0), Math.max(-lead, 0)];
  return Promise.all([delay(oneWaits).then(one), delay(otherWaits).then(other)]);
}
