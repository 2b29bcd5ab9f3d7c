import { createHash } from 'node:crypto';
import { Clients } from '../../src/clients/clients.ts';
import { PayerSteps, refusedReturn, type InHand, type Refusal } from '../support/parties/payer-steps.ts';
import { anna, bo, payment } from '../support/system/system.ts';
import { withoutRandomHex } from '../support/random-hex.ts';

let steps: PayerSteps;
beforeAll(async () => {
  steps = await PayerSteps.start();
}, 60_000);
afterAll(() => steps.stop());

/** Everything that a TPP, a bank and the database must say of a payment that was refused without the factor being named. */
function expectRefused(refusal: Refusal, { pushed }: InHand, reason: string, word = 'not-completed'): void {
  expect(refusal.returned).toEqual(refusedReturn(pushed, word, steps.parties.tpp.issuer));
  for (const seen of [refusal.tpp, refusal.bank]) {
    expect(seen).toMatchObject({ state: 'rejected', reason: word, berlinGroup: { transactionStatus: 'RJCT' } });
  }
  expect(refusal).toMatchObject({ reason, authorisations: 0 });
  expect(withoutRandomHex(JSON.stringify([refusal.tpp, refusal.returned]))).not.toMatch(
    /risk|device|policy|signature|attempts|hint|RFA|\b(?:19|20)\d{10}\b/,
  );
}

describe('a payer', () => {
  it('may cancel four times in the app and then sign; the fifth time ends it', async () => {
    const persistent = await steps.open();
    const hesitant = await steps.open();
    await Promise.all([steps.cancel(persistent, 4), steps.cancel(hesitant, 5)]);
    const again = await steps.world.openInApp(persistent.pushed, persistent.browser);
    await steps.sign({ ...persistent, ...again });
    expect(await steps.token(persistent)).toHaveLength(43);

    const start = `${hesitant.browser.interactionPath}/start/this`;
    const orders = (await steps.world.app.listOrders()).length;
    await hesitant.browser.post(start);
    expect(await steps.world.app.listOrders()).toHaveLength(orders);
    const refusal = await steps.refusal(hesitant);
    expect(refusal.view).toBe('attempts');
    expectRefused(refusal, hesitant, 'attempts');
    expect(refusal.evidence).toEqual([]);
  });

  it('may say no before an order, and the TPP learns that and no more', async () => {
    const pushed = await steps.parties.tpp.push();
    const { browser, orderId } = await steps.world.openInApp(pushed);
    const page = await browser.post(`${browser.interactionPath}/decline`);
    expect([page.status, page.body.includes('autostarttoken')]).toEqual([200, false]);
    const inHand = { pushed, browser, orderId };
    expectRefused(await steps.refusal(inHand), inHand, 'declined', 'declined');
    // The order that was open is withdrawn at BankID: there is nothing left to sign.
    await expect(steps.world.app.sign(orderId)).rejects.toThrow();
  });

  it('may sign with the phone by QR code, which is another every second', async () => {
    const pushed = await steps.parties.tpp.push();
    const { browser } = await steps.world.openInApp(pushed);
    await browser.post(`${browser.interactionPath}/cancel`);
    steps.clock.advance(3_000);
    await browser.post(`${browser.interactionPath}/start/other`);
    await browser.waitFor('qr');
    const frames = new Set<string>();
    for (let n = 0; n < 3; n += 1) {
      const frame = await browser.get(`${browser.interactionPath}/qr`);
      expect([frame.status, frame.body.startsWith('<svg')]).toEqual([200, true]);
      frames.add(frame.body);
      await new Promise((resolve) => setTimeout(resolve, 600));
    }
    expect(frames.size).toBeGreaterThan(1);
    const order = await steps.scanNewest();
    expect(order.text).toContain('Exempelbutiken AB');
    await steps.sign({ pushed, browser, orderId: order.id }, { deviceIp: '198.51.100.4', risk: 'moderate' });
    expect(await steps.token({ pushed, browser })).toHaveLength(43);
  });

  it('who never comes back after signing finds the payment authorised, and may go on', async () => {
    const inHand = await steps.open();
    await steps.world.app.sign(inHand.orderId);
    await inHand.browser.waitFor('authorised');
    const page = await inHand.browser.open(inHand.pushed.authorizationUrl);
    expect([page.status, page.body.includes('/return"')]).toEqual([200, true]);
    expect(await steps.token(inHand)).toHaveLength(43);
  });

  it('reads in the app which TPP asks, what is paid and to whom', async () => {
    const { orderId } = await steps.open({ ...payment, debtorAccount: { iban: 'SE4550000000058398257466' } });
    const { text, requestedBy } = await steps.world.app.getOrder(orderId);
    expect(requestedBy).not.toBe('');
    for (const part of ['Exempelbetal AB', '1 250,00', 'SEK', 'Exempelbutiken AB', '5050-1055', '12345674']) {
      expect(text).toContain(part);
    }
    expect(text.replaceAll(' ', '')).toContain('SE4550000000058398257466');
  });
});

describe('a signature', () => {
  it.each([
    ['of another person than the one who was named', { personalNumber: bo }],
    ['of a person whose number is none', { personalNumber: '190000000000' }],
    ['whose certificate and whose answer name two persons', { reportedPersonalNumber: bo }],
  ])('%s authorises nothing, and is kept', async (_name, fault) => {
    const inHand = await steps.open(payment, { login_hint: `personnummer:${anna}` });
    await steps.signSpoilt(inHand, fault, 'signature');
    const refusal = await steps.refusal(inHand);
    expectRefused(refusal, inHand, 'signature');
    expect(refusal.evidence).toEqual([expect.stringMatching(/^refused (TOTAL-FAILED|INDETERMINATE)$/)]);
  });

  it('that cannot be read is an attempt that failed, not a payer who waits for ever', async () => {
    const inHand = await steps.open();
    await steps.signSpoilt(inHand, { personalNumber: 'ABCDEFGHIJKL' }, 'try-again');
    expect(await steps.consent(inHand.pushed.consentId)).toMatchObject({ state: 'awaiting-authorisation' });
    const again = await steps.world.openInApp(inHand.pushed, inHand.browser);
    await steps.sign({ ...inHand, ...again });
    expect(await steps.token(inHand)).toHaveLength(43);
  });

  it('by a named payer cannot be asked of another person in the app', async () => {
    const { orderId } = await steps.open(payment, { login_hint: `personnummer:${anna}` });
    await expect(steps.world.app.sign(orderId, { personalNumber: bo })).rejects.toThrow('other-person-required');
  });

  it.each(['high', 'word-of-next-year'])('at risk "%s" authorises nothing, and is kept', async (risk) => {
    const inHand = await steps.open();
    await steps.sign(inHand, { risk }, 'risk');
    const refusal = await steps.refusal(inHand);
    expectRefused(refusal, inHand, 'risk');
    expect(refusal.evidence).toEqual(['refused TOTAL-PASSED']);
  });

  it("that does not meet the bank's rules authorises nothing, and is kept; the payer reads where to turn", async () => {
    const clients = steps.get(Clients);
    const bank = clients.getClient('exempelbanken');
    const policy = [{ name: 'new-bankid', minBankIdAgeDays: 7 }];
    const lookUp = (id: string) =>
      id === bank.id ? { ...bank, policy } : Clients.prototype.findClient.call(clients, id);
    Object.assign(clients, { findClient: lookUp });
    const inHand = await steps.open();
    const issued = steps.clock.now().toISOString().slice(0, 10);
    await steps.signSpoilt(inHand, { bankIdIssueDate: issued }, 'policy');
    Reflect.deleteProperty(clients, 'findClient');
    const page = await inHand.browser.get(inHand.browser.interactionPath);
    expect(page.body).toMatch(/Kontakta din bank|Contact your bank/);
    const refusal = await steps.refusal(inHand);
    expectRefused(refusal, inHand, 'bank-policy');
    expect(refusal.evidence).toEqual(['refused TOTAL-PASSED']);
  });

  it('by Bo does not pay from the account of Anna: the bank that names Anna is refused, and nothing changes', async () => {
    const initiation = { ...payment, debtorAccount: { iban: 'SE4550000000058398257466' } };
    const { pushed, token } = await steps.paid(initiation, {}, { personalNumber: bo });
    const { bank } = steps.parties;
    const known = await bank.postAs('/introspect', { token });
    expect(known.body).toMatchObject({ active: true, payer: { personalNumber: bo } });
    const consume = async (personalNumber: string, paymentReference: string) =>
      bank.call(await bank.machineToken('consume'), 'POST', `/consents/${pushed.consentId}/consume`, {
        body: {
          accessTokenSha256: createHash('sha256').update(token).digest('base64url'),
          payment: initiation,
          payer: { personalNumber },
          paymentReference,
        },
      });
    const refused = await consume(anna, 'annas-konto');
    expect([refused.status, refused.body['code']]).toEqual([422, 'consent.payer-differs']);
    expect(withoutRandomHex(JSON.stringify(refused.body))).not.toMatch(/\b(?:19|20)\d{10}\b/);
    expect((await bank.postAs('/introspect', { token })).body).toEqual(known.body);
    expect(await steps.consent(pushed.consentId)).toMatchObject({ state: 'authorised' });
    expect((await consume(bo, 'bos-konto')).status).toBe(200);
  });
});
