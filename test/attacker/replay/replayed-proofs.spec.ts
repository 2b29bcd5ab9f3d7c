import { randomUUID } from 'node:crypto';
import { addMs } from '../../../src/kernel/clock.ts';
import { Replay, replayEntry, type ReplayEntry } from '../../../src/client-auth/replay.ts';
import { atRest, TestSystem } from '../../support/system/system.ts';

let world: TestSystem;
beforeAll(async () => {
  world = await TestSystem.start(atRest);
});
afterAll(() => world.stop());

function proof(kind: 'assertion' | 'dpop', jti: string = randomUUID()): ReplayEntry {
  const now = world.clock.now();
  return replayEntry(kind, 'shop', jti, { from: addMs(now, -1_000), until: addMs(now, 60_000) });
}

/** How each claim ended; all are made in the same turn. */
function claimAll(requests: readonly (readonly ReplayEntry[])[]): Promise<readonly string[]> {
  const replay = world.get(Replay);
  const ends = requests.map((proofs) =>
    replay.claim(...proofs).then(
      () => 'claimed',
      (error: unknown) => (error as { code: string }).code,
    ),
  );
  return Promise.all(ends);
}

describe('a proof', () => {
  it('is accepted from one of fifty who show it at the same moment', async () => {
    const stolen = proof('dpop');
    const ends = await claimAll(Array.from({ length: 50 }, () => [proof('assertion'), stolen]));
    expect(ends.filter((end) => end === 'claimed')).toHaveLength(1);
    expect(ends.filter((end) => end === 'dpop.replayed')).toHaveLength(49);
  });

  it('of a refused request is claimed all the same', async () => {
    const [own, used] = [proof('assertion'), proof('dpop')];
    expect(await claimAll([[used]])).toEqual(['claimed']);
    expect(await claimAll([[own, used]])).toEqual(['dpop.replayed']);
    expect(await claimAll([[own]])).toEqual(['client.assertion-replayed']);
  });

  it('is no obstacle to those who came with other proofs', async () => {
    const twice = proof('assertion');
    const others = Array.from({ length: 30 }, () => [proof('assertion'), proof('dpop')]);
    const ends = await claimAll([[twice], ...others, [twice]]);
    expect(ends).toEqual([...Array<string>(31).fill('claimed'), 'client.assertion-replayed']);
  });
});
