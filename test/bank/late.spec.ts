import { BankSteps } from '../support/parties/bank-steps.ts';
import { payment } from '../support/system/system.ts';

const DAY = 24 * 60 * 60_000;

let steps: BankSteps;
beforeAll(async () => {
  steps = await BankSteps.start();
}, 60_000);
afterAll(() => steps.stop());

describe('a bank that is late', () => {
  it('and comes with an expired token is refused, and changes nothing', async () => {
    const entitled = await steps.entitled();
    steps.payer.world.clock.advance(5 * 60_000 + 1000);
    expect((await steps.introspect(entitled)).body).toEqual({ active: false });
    const before = await steps.rowOf(entitled);
    const answer = await steps.consume(entitled, steps.consumption(entitled, 'late'));
    expect([answer.status, answer.body['code']]).toEqual([422, 'consent.token-differs']);
    expect(await steps.rowOf(entitled)).toEqual(before);
  });

  it('and comes a quarter of an hour after the signature finds the consent expired', async () => {
    const entitled = await steps.entitled();
    steps.payer.world.clock.advance(15 * 60_000 + 1000);
    const answer = await steps.consume(entitled, steps.consumption(entitled, 'too-late'));
    expect([answer.status, answer.body]).toMatchObject([409, { code: 'consent.not-authorised', state: 'expired' }]);
  });

  it('and repeats its call after thirty days is given the first answer; the reference is good for nothing else', async () => {
    const entitled = await steps.entitled();
    const call = steps.consumption(entitled, 'faktura-7');
    const first = await steps.consume(entitled, call);
    expect(first.status).toBe(200);
    steps.payer.world.clock.advance(30 * DAY);
    const again = await steps.consume(entitled, call);
    expect([again.status, again.body]).toEqual([200, first.body]);

    const other = { ...payment, instructedAmount: { currency: 'SEK', amount: '1.00' } };
    const changed = await steps.consume(entitled, steps.consumption(entitled, 'faktura-7', { payment: other }));
    expect([changed.status, changed.body['code']]).toEqual([422, 'consent.reference-body-differs']);

    const next = await steps.entitled();
    const taken = await steps.consume(next, steps.consumption(next, 'faktura-7'));
    expect([taken.status, taken.body['code']]).toEqual([409, 'consent.reference-used']);
    expect(await steps.payer.consent(next.consentId)).toMatchObject({ state: 'authorised' });
    expect((await steps.consume(next, steps.consumption(next, 'faktura-8'))).status).toBe(200);
    const [evidence] = (await steps.read(`/consents/${entitled.consentId}/evidence`, 'audit')).body['evidence'] as {
      evidenceId: string;
    }[];
    const report = await steps.read(`/evidence/${evidence?.evidenceId ?? ''}/verification`, 'audit');
    expect(report.body).toMatchObject({ indication: 'TOTAL-PASSED', matches: 'yes' });
  });
});
