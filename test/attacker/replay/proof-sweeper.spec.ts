import { ProofSweeper } from '../../../src/client-auth/replay/proof-sweeper.ts';
import { MINUTE_MS } from '../../../src/kernel/clock.ts';
import { TokenHarness } from '../../support/in-process/token.ts';

let harness: TokenHarness;
beforeAll(async () => {
  harness = await TokenHarness.start();
});
afterAll(() => harness.stop());

describe('the sweeper of proofs', () => {
  it('forgets a proof and a token only long after they have expired by themselves', async () => {
    await harness.machineToken(harness.parties.bank);
    const sweeper = harness.get(ProofSweeper);
    harness.clock.advance(30 * MINUTE_MS);
    expect(await sweeper.sweep()).toBe(0);
    harness.clock.advance(60 * MINUTE_MS);
    // The assertion, the proof and the token.
    expect(await sweeper.sweep()).toBe(3);
  });
});
