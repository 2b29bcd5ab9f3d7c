import { randomBytes, randomUUID } from 'node:crypto';
import { BankSteps, type Entitled } from '../support/parties/bank-steps.ts';
import { anna, bo, payment } from '../support/system/system.ts';
import { withoutRandomHex } from '../support/random-hex.ts';

let steps: BankSteps;
/** One consent that everything is tried on in vain, and then used. */
let wanted: Entitled;
beforeAll(async () => {
  steps = await BankSteps.start();
  wanted = await steps.entitled();
}, 60_000);
afterAll(() => steps.stop());

/** Runs what must be refused and proves that the consent stays as it was. */
async function unchanged<T>(entitled: Entitled, act: () => Promise<T>): Promise<T> {
  const before = await steps.rowOf(entitled);
  const answer = await act();
  expect(await steps.rowOf(entitled)).toEqual(before);
  return answer;
}

describe('a bank may not consume', () => {
  const iban = { iban: 'SE4550000000058398257466' };
  const ocr = (reference: string): object => ({ remittanceInformationStructured: { reference, referenceType: 'OCR' } });
  const others: readonly (readonly [string, object])[] = [
    ['another amount', { instructedAmount: { currency: 'SEK', amount: '1250.01' } }],
    ['a smaller amount', { instructedAmount: { currency: 'SEK', amount: '12.50' } }],
    ['another currency', { instructedAmount: { currency: 'EUR', amount: '1250.00' } }],
    ['another payee', { creditorName: 'Exempelbutiken Aktiebolag' }],
    ['a payee in other letters', { creditorName: 'EXEMPELBUTIKEN AB' }],
    ['another account', { creditorAccount: iban }],
    ['another OCR number', ocr('123456782')],
    ['without the OCR number', { remittanceInformationStructured: undefined }],
    ['with a message that was not signed', { remittanceInformationUnstructured: 'hej' }],
    ['with a reference that was not signed', { endToEndIdentification: 'E2E-1' }],
  ];

  it.each(others)('%s', async (_name, changes) => {
    const body = steps.consumption(wanted, 'ref-other', { payment: { ...payment, ...changes } });
    const answer = await unchanged(wanted, () => steps.consume(wanted, body));
    expect([answer.status, answer.body]).toMatchObject([
      422,
      { code: 'consent.payment-differs', pointer: expect.stringMatching(/^\/payment\/[a-z]/) },
    ]);
  });

  it('for another payer, and the answer names no person', async () => {
    const body = steps.consumption(wanted, 'ref-bo', { payer: { personalNumber: bo } });
    const answer = await unchanged(wanted, () => steps.consume(wanted, body));
    expect([answer.status, answer.body]).toMatchObject([422, { code: 'consent.payer-differs' }]);
    expect(withoutRandomHex(JSON.stringify(answer.body))).not.toMatch(/\b(?:19|20)\d{10}\b/);
  });

  it('without the hash of the token, with a made-up one, or with that of another consent', async () => {
    const missing = steps.consumption(wanted, 'ref-token', { accessTokenSha256: undefined });
    const none = await unchanged(wanted, () => steps.consume(wanted, missing));
    expect([none.status, none.body['pointer']]).toEqual([400, '/accessTokenSha256']);
    const other = await steps.entitled();
    for (const accessTokenSha256 of [
      randomBytes(32).toString('base64url'),
      (steps.consumption(other, 'x') as { accessTokenSha256: string }).accessTokenSha256,
    ]) {
      const body = steps.consumption(wanted, 'ref-token', { accessTokenSha256 });
      const answer = await unchanged(wanted, () => steps.consume(wanted, body));
      expect([answer.status, answer.body['code']]).toEqual([422, 'consent.token-differs']);
    }
    const itself = steps.consumption(wanted, 'ref-token', { accessTokenSha256: wanted.token });
    expect((await steps.consume(wanted, itself)).status).toBe(422);
  });

  it.each([
    ['an unknown member', { fee: '10.00' }, '/fee'],
    ['a payer who is none', { payer: { personalNumber: '199001012386' } }, '/payer/personalNumber'],
    ['a payer with more members', { payer: { personalNumber: anna, name: 'Anna' } }, '/payer/name'],
    ['no payer', { payer: undefined }, '/payer'],
    ['no reference', { paymentReference: undefined }, '/paymentReference'],
    ['a reference with a line break', { paymentReference: 'a\nb' }, '/paymentReference'],
    [
      'a payment that is not one',
      { payment: { ...payment, instructedAmount: { currency: 'SEK', amount: '0' } } },
      '/payment/instructedAmount/amount',
    ],
  ])('with %s in its call', async (_name, changes, pointer) => {
    const answer = await unchanged(wanted, () => steps.consume(wanted, steps.consumption(wanted, 'ref-form', changes)));
    expect([answer.status, answer.body['pointer']]).toEqual([400, pointer]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(withoutRandomHex(JSON.stringify(answer.body))).not.toMatch(/\b(?:19|20)\d{10}\b/);
  });

  it('what is not its own: for another bank the consent does not exist, by any door', async () => {
    const { otherBank, auditor } = steps.parties;
    const list = await steps.read(`/consents/${wanted.consentId}/evidence`, 'audit');
    const [first] = list.body['evidence'] as readonly { readonly evidenceId: string }[];
    const evidence = first?.evidenceId ?? '';
    const foreign = await unchanged(wanted, async () => [
      await steps.consume(wanted, steps.consumption(wanted, 'ref-foreign'), otherBank),
      await steps.report(wanted, { execution: 'executed' }, otherBank),
      await steps.revoke(wanted, otherBank),
      await otherBank.call(await otherBank.machineToken('consents'), 'GET', `/consents/${wanted.consentId}`),
      await steps.read(`/consents/${wanted.consentId}/evidence`, 'audit', otherBank),
      await steps.read(`/evidence/${evidence}`, 'audit', otherBank),
      await steps.read(`/evidence/${evidence}/verification`, 'audit', otherBank),
    ]);
    const nothing = { consentId: randomUUID(), token: wanted.token };
    const unknown = await steps.consume(nothing, steps.consumption(wanted, 'ref-foreign'), otherBank);
    expect(foreign.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404, 404]);
    expect({ ...foreign[0]?.body, requestId: '' }).toEqual({ ...unknown.body, requestId: '' });
    expect((await steps.introspect(wanted, otherBank)).body).toEqual({ active: false });
    expect((await steps.introspect(wanted)).body).toMatchObject({ active: true, consent_id: wanted.consentId });
    expect((await steps.read(`/evidence/${evidence}`, 'audit', auditor)).status).toBe(200);
  });

  it('until all is as it was signed: then once, and every refusal before stands in the chain', async () => {
    const refused = (await steps.events(wanted)).filter((type) => type === 'consent.consumption-refused');
    expect(refused.length).toBeGreaterThanOrEqual(others.length + 3);
    const shuffled = Object.fromEntries(Object.entries(payment).reverse());
    const spelt = {
      ...shuffled,
      instructedAmount: { amount: '1250', currency: 'SEK' },
      creditorAccount: { bankgiro: '50501055' },
    };
    const first = await steps.consume(wanted, steps.consumption(wanted, 'ref-1', { payment: spelt }));
    expect([first.status, first.body]).toMatchObject([200, { state: 'consumed', paymentReference: 'ref-1' }]);
    expect((await steps.introspect(wanted)).body).toEqual({ active: false });
    const again = await steps.consume(wanted, steps.consumption(wanted, 'ref-1'));
    expect([again.status, again.body]).toEqual([200, first.body]);
    const second = await steps.consume(wanted, steps.consumption(wanted, 'ref-2'));
    expect([second.status, second.body]).toMatchObject([409, { code: 'consent.not-authorised', state: 'consumed' }]);
  });
});

describe('a bank that executed', () => {
  it('reports it once: the same report again is no fault, another is refused', async () => {
    const entitled = await steps.entitled();
    const early = await unchanged(entitled, () => steps.report(entitled, { execution: 'executed' }));
    expect([early.status, early.body['code']]).toEqual([409, 'consent.not-consumed']);
    await steps.consume(entitled, steps.consumption(entitled, 'ref-report'));
    for (const wrong of [
      { execution: 'failed' },
      { execution: 'executed', reason: 'x' },
      { execution: 'pending' },
      { execution: 'failed', reason: 'x', constructor: 1 },
      { execution: 'failed', reason: '\0' },
      { execution: 'failed', reason: '\ud800' },
      { execution: 'failed', reason: JSON.parse('['.repeat(500) + ']'.repeat(500)) as unknown },
      {},
    ]) {
      expect((await unchanged(entitled, () => steps.report(entitled, wrong))).status).toBe(400);
    }
    const failed = { execution: 'failed', reason: 'account closed' };
    expect((await steps.report(entitled, failed)).status).toBe(200);
    expect((await unchanged(entitled, () => steps.report(entitled, failed))).status).toBe(200);
    const other = await unchanged(entitled, () => steps.report(entitled, { execution: 'executed' }));
    expect([other.status, other.body['code']]).toEqual([409, 'consent.execution-reported']);
    const forTpp = await steps.payer.consent(entitled.consentId, 'tpp');
    expect(forTpp).toMatchObject({ execution: 'failed', berlinGroup: { transactionStatus: 'RJCT' } });
    expect(JSON.stringify(forTpp)).not.toMatch(/account closed|ref-report/);
    // Too late to revoke what is done.
    for (const party of [steps.parties.bank, steps.parties.tpp]) {
      const answer = await unchanged(entitled, () => steps.revoke(entitled, party));
      expect([answer.status, answer.body['state']]).toEqual([409, 'consumed']);
    }
  });
});

describe('a consent that is not consumed', () => {
  it.each(['tpp', 'bank'] as const)(
    'may be revoked by its %s: token and consent are dead, and again is no fault',
    async (who) => {
      const entitled = await steps.entitled();
      const party = steps.parties[who];
      const { otherTpp } = steps.parties;
      expect((await unchanged(entitled, () => steps.revoke(entitled, otherTpp))).status).toBe(404);
      expect((await steps.revoke(entitled, party)).status).toBe(204);
      expect((await unchanged(entitled, () => steps.revoke(entitled, party))).status).toBe(204);
      expect((await steps.introspect(entitled)).body).toEqual({ active: false });
      const own = await steps.parties.tpp.call(entitled.token, 'GET', `/consents/${entitled.consentId}`);
      expect(own.status).toBe(401);
      const dead = await unchanged(entitled, () => steps.consume(entitled, steps.consumption(entitled, `ref-${who}`)));
      expect([dead.status, dead.body]).toMatchObject([409, { code: 'consent.not-authorised', state: 'revoked' }]);
      expect(await steps.payer.consent(entitled.consentId)).toMatchObject({
        berlinGroup: { transactionStatus: 'CANC' },
      });
    },
  );

  it('ends when its TPP revokes the token', async () => {
    const entitled = await steps.entitled();
    const { tpp, otherTpp } = steps.parties;
    expect((await unchanged(entitled, () => otherTpp.postAs('/revoke', { token: entitled.token }))).status).toBe(200);
    expect((await steps.introspect(entitled)).body).toMatchObject({ active: true });
    expect((await tpp.postAs('/revoke', { token: entitled.token })).status).toBe(200);
    expect((await steps.introspect(entitled)).body).toEqual({ active: false });
    const dead = await unchanged(entitled, () => steps.consume(entitled, steps.consumption(entitled, 'ref-back')));
    expect([dead.status, dead.body['state']]).toEqual([409, 'revoked']);
  });
});

describe('evidence', () => {
  it('is read with a purpose from the closed list, and each reading is an event of the consent', async () => {
    const path = `/consents/${wanted.consentId}/evidence`;
    const before = await steps.events(wanted);
    for (const purpose of [undefined, '', 'curiosity', 'audit, dispute', 'AUDIT']) {
      const answer = await steps.read(path, purpose);
      expect([purpose, answer.status, answer.body['code']]).toEqual([purpose, 400, 'caller.purpose-required']);
    }
    expect(await steps.events(wanted)).toEqual(before);
    const list = await steps.read(path, 'dispute');
    const [first] = list.body['evidence'] as readonly { readonly evidenceId: string; readonly kind: string }[];
    expect(first).toMatchObject({ kind: 'accepted', indication: 'TOTAL-PASSED' });
    const read = await steps.read(`/evidence/${first?.evidenceId ?? ''}`, 'dispute', steps.parties.auditor);
    expect(read.headers.get('cache-control')).toBe('no-store');
    expect(String(read.body['visibleText'])).toContain('Exempelbutiken AB');
    const report = await steps.read(`/evidence/${first?.evidenceId ?? ''}/verification`, 'legal-proceedings');
    expect(report.body).toMatchObject({
      indication: 'TOTAL-PASSED',
      subIndication: null,
      matches: 'yes',
      payer: 'bound',
    });
    expect((await steps.events(wanted)).slice(before.length)).toEqual([
      'evidence.listed',
      'evidence.read',
      'evidence.verified',
    ]);
  });

  it('is not found under an unknown or malformed id, and is refused to a TPP', async () => {
    for (const path of [
      `/evidence/${randomUUID()}`,
      '/evidence/1',
      `/consents/${randomUUID()}/evidence`,
      '/consents/x/evidence',
    ]) {
      expect([path, (await steps.read(path, 'audit')).status]).toEqual([path, 404]);
    }
    const { tpp } = steps.parties;
    const token = await tpp.postAs('/token', { grant_type: 'client_credentials', scope: 'evidence' });
    expect([token.status, token.body['error']]).toEqual([400, 'invalid_scope']);
    const path = `/consents/${wanted.consentId}/evidence`;
    const headers = { 'sigill-purpose': 'audit' };
    expect((await tpp.call(await tpp.machineToken('consents'), 'GET', path, { headers })).status).toBe(403);
  });
});
