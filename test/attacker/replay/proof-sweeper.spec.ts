import { ProofSweeper } from '../../../src/client-auth/replay/proof-sweeper.ts';
import { Metrics } from '../../../src/operations/metrics.ts';
import { MINUTE_MS } from '../../../src/kernel/clock.ts';
import { TokenHarness } from '../../support/token/token.ts';

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

  it('deletes a backlog of any size in batches, and says how late it is', async () => {
    const { registry } = harness.get(Metrics);
    const expired = `$1::timestamptz - interval '2 hours'`;
    const insert = `insert into used_jti select sha256(n::text::bytea), ${expired} from generate_series(1, 2500) n`;
    await harness.db.asOwner(insert, [harness.clock.now()]);
    expect(await registry.getSingleMetricAsString('sigill_proof_overdue_seconds')).toMatch(/ 7200$/m);
    const sweeper = harness.get(ProofSweeper);
    expect([await sweeper.sweep(), await sweeper.sweep(), await sweeper.sweep()]).toEqual([1000, 1000, 500]);
    expect(await registry.getSingleMetricAsString('sigill_proof_overdue_seconds')).toMatch(/ 0$/m);
  });
});
