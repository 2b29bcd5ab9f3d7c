import { anna, payment, TestSystem } from '../support/system/system.ts';

let world: TestSystem;

beforeAll(async () => {
  world = await TestSystem.start();
}, 60_000);
afterAll(() => world.stop());

describe('one payment', () => {
  it('is pushed, signed, granted, consumed once and verified', async () => {
    const { token } = await world.signedPayment();
    const known = await world.bank.introspect(token.accessToken);
    expect(known).toMatchObject({ active: true, consent_id: token.consentId });
    const consumption = { accessToken: token.accessToken, payment, personalNumber: anna, paymentReference: 'p-1' };
    const first = await world.bank.consume(token.consentId, consumption);
    expect([first.status, first.body]).toMatchObject([200, {}]);
    const second = await world.bank.consume(token.consentId, { ...consumption, paymentReference: 'p-2' });
    expect(second.status).toBe(409);
    expect((await world.bank.getConsent(token.consentId)).body).toMatchObject({ state: 'consumed' });
    expect(await world.bank.introspect(token.accessToken)).toEqual({ active: false });
  });
});
