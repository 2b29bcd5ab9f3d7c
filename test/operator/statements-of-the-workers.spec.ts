import { Workers } from '../../src/operations/workers.ts';
import { ConsentSteps } from '../support/parties/consent-steps.ts';

let steps: ConsentSteps;
beforeAll(async () => {
  steps = await ConsentSteps.start();
});
afterAll(() => steps.stop());

const statementsOf = (worker: string): Promise<number> =>
  steps.metrics.readCounter('sigill_sql_statements_total', { route: `worker ${worker}` });

describe('of the statements of a payment', () => {
  it('one stores the answer and two settle it', async () => {
    await steps.sign(await steps.pushBound(), {}, 'authorised');
    await steps.get(Workers).stop('collector');
    await steps.get(Workers).stop('settler');
    // The order was signed after it had been scanned, which BankID told as a hint code, or at once.
    expect(await statementsOf('collector')).toBeLessThanOrEqual(2);
    expect(await statementsOf('settler')).toBe(2);
  });
});
