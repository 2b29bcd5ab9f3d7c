import { PayerSteps, refusedReturn } from '../support/parties/payer-steps.ts';

const MINUTE = 60_000;

let steps: PayerSteps;
beforeAll(async () => {
  steps = await PayerSteps.start();
}, 60_000);
afterAll(() => steps.stop());

describe('a payer who lets time pass', () => {
  it('in the app may try again: an order that ran out is one attempt, not the end', async () => {
    const inHand = await steps.open();
    await steps.world.app.advanceClock(4 * MINUTE);
    await inHand.browser.waitFor('try-again');
    const again = await steps.world.openInApp(inHand.pushed, inHand.browser);
    await steps.sign({ ...inHand, ...again });
    expect(await steps.token(inHand)).toHaveLength(43);
  });

  it('on our page for the life of the consent finds it expired, and the TPP learns that', async () => {
    const inHand = await steps.open();
    steps.clock.advance(15 * MINUTE + 1000);
    await inHand.browser.waitFor('expired');
    await steps.waitForState(inHand.pushed.consentId, 'expired');
    const refusal = await steps.refusal(inHand);
    expect(refusal.returned).toEqual(refusedReturn(inHand.pushed, 'expired', steps.parties.tpp.issuer));
    for (const seen of [refusal.tpp, refusal.bank]) {
      expect(seen).toMatchObject({ state: 'expired', reason: 'expired', berlinGroup: { scaStatus: 'failed' } });
    }
    expect(refusal).toMatchObject({ authorisations: 0, evidence: [] });
  });

  it('after signing loses the authorisation: five minutes without coming back end it', async () => {
    const inHand = await steps.open();
    await steps.sign(inHand);
    steps.clock.advance(5 * MINUTE + 1000);
    await inHand.browser.waitFor('expired');
    await steps.waitForState(inHand.pushed.consentId, 'expired');
    const { returned, tpp } = await steps.refusal(inHand);
    expect(returned).toEqual(refusedReturn(inHand.pushed, 'expired', steps.parties.tpp.issuer));
    expect(tpp).toMatchObject({ state: 'expired', berlinGroup: { scaStatus: 'finalised' } });
  });

  it('between the way back and the TPP loses the code after sixty seconds', async () => {
    const inHand = await steps.open();
    await steps.sign(inHand);
    const returned = await inHand.browser.finish();
    steps.clock.advance(61_000);
    const { tpp } = steps.parties;
    const form = tpp.redemption(returned.searchParams.get('code') ?? '', inHand.pushed);
    expect((await tpp.postAs('/token', form)).body['error']).toBe('invalid_grant');
    // The way back is still open to the payer, and gives a new one.
    expect(await steps.token(inHand)).toHaveLength(43);
  });
});

describe('an order that was opened by a link', () => {
  const elsewhere = { deviceIp: '198.51.100.4' };

  it('and signed at another address authorises nothing when the payer never comes back in this browser', async () => {
    const inHand = await steps.open();
    await steps.world.app.sign(inHand.orderId, { ...elsewhere, risk: 'moderate' });
    await inHand.browser.waitFor('checking');
    steps.clock.advance(31_000);
    await inHand.browser.waitFor('device');
    const refusal = await steps.refusal(inHand);
    expect(refusal.returned).toEqual(refusedReturn(inHand.pushed, 'not-completed', steps.parties.tpp.issuer));
    expect(refusal).toMatchObject({
      reason: 'device-not-bound',
      authorisations: 0,
      evidence: ['refused TOTAL-PASSED'],
      tpp: { state: 'rejected', reason: 'not-completed' },
    });
  });

  it('and signed at another address counts as of moderate risk when BankID tells none', async () => {
    const inHand = await steps.open();
    await steps.world.app.setOrderFault(inHand.orderId, { risk: null });
    await steps.world.app.sign(inHand.orderId, elsewhere);
    await inHand.browser.waitFor('checking');
    steps.clock.advance(31_000);
    expect(await inHand.browser.waitFor('device', 'authorised')).toBe('device');
  });

  it('with the nonce of another order does not count as having come back', async () => {
    const other = await steps.open();
    const inHand = await steps.open();
    const foreign =
      new URL((await steps.world.app.getOrder(other.orderId)).returnUrl ?? '').searchParams.get('nonce') ?? '';
    await steps.world.app.sign(inHand.orderId, { ...elsewhere, risk: 'moderate' });
    await inHand.browser.waitFor('checking');
    await inHand.browser.get(`${inHand.browser.interactionPath}/back?nonce=${foreign}`);
    await inHand.browser.get(`${inHand.browser.interactionPath}/back`);
    steps.clock.advance(31_000);
    expect(await inHand.browser.waitFor('device', 'authorised')).toBe('device');
  });

  it('and signed at another address authorises at low risk, or when the payer came back in this browser', async () => {
    const trusted = await steps.open();
    const returning = await steps.open();
    await steps.world.app.sign(trusted.orderId, { ...elsewhere, risk: 'low' });
    await steps.sign(returning, { ...elsewhere, risk: 'moderate' });
    await trusted.browser.waitFor('authorised');
    expect(await steps.token(trusted)).toHaveLength(43);
    expect(await steps.token(returning)).toHaveLength(43);
  });
});
