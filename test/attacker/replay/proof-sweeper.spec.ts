import { ProofSweeper } from '../../../src/client-auth/replay/proof-sweeper.ts';
import { Metrics } from '../../../src/operations/metrics.ts';
import { MINUTE_MS } from '../../../src/kernel/clock.ts';
import { TokenSteps } from '../../support/token/token-steps.ts';
import { atRest } from '../../support/system/system.ts';

let steps: TokenSteps;
beforeAll(async () => {
  steps = await TokenSteps.start(atRest);
});
afterAll(() => steps.stop());

describe('the sweeper of proofs', () => {
  it('deletes a proof and a token only long after they have expired', async () => {
    await steps.bank.askForToken();
    const sweeper = steps.get(ProofSweeper);
    steps.advance(30 * MINUTE_MS);
    expect(await sweeper.sweep()).toBe(0);
    steps.advance(60 * MINUTE_MS);
    // The assertion, the proof and the token.
    expect(await sweeper.sweep()).toBe(3);
  });

  it('deletes a backlog of any size in batches, and says how late it is', async () => {
    const { registry } = steps.get(Metrics);
    const expired = `$1::timestamptz - interval '2 hours'`;
    const insert = `insert into claimed_proof select sha256(n::text::bytea), ${expired} from generate_series(1, 2500) n`;
    await steps.database.asOwner(insert, [steps.clock.now()]);
    expect(await registry.getSingleMetricAsString('sigill_proof_overdue_seconds')).toMatch(/ 7200$/m);
    const sweeper = steps.get(ProofSweeper);
    expect([await sweeper.sweep(), await sweeper.sweep(), await sweeper.sweep()]).toEqual([1000, 1000, 500]);
    expect(await registry.getSingleMetricAsString('sigill_proof_overdue_seconds')).toMatch(/ 0$/m);
  });
});
