import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import type { OrderFault } from '../../../simulator/client.ts';
import { Clients } from '../../../src/clients/clients.ts';
import { BankPolicyDto } from '../../../src/compliance/read/bank-policy.dto.ts';
import { evidenceFolder } from '../../../src/evidence-files/evidence-folder.ts';
import { languages } from '../../../src/evidence-files/report-phrases.ts';
import { formatReport } from '../../../src/evidence-files/report-text.ts';
import { verifyFolder } from '../../../src/evidence-files/verify-files.ts';
import { makeSettings } from '../../../src/evidence-files/verify-settings.ts';
import type { BoundInteraction, Consent } from '../../../src/consent/consent.ts';
import { Database } from '../../../src/database/database.ts';
import { EvidenceStore } from '../../../src/evidence/evidence-store.ts';
import type { Evidence } from '../../../src/evidence/evidence.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import type { BankPolicy, PolicyOutcome } from '../../../src/payment/bank-policy.ts';
import { eventually } from '../../support/eventually.ts';
import { BackchannelSteps } from '../../support/parties/backchannel-steps.ts';
import { bank, codeOf, ConsentSteps, payment } from '../../support/parties/consent-steps.ts';

let steps: ConsentSteps;

beforeAll(async () => {
  steps = await ConsentSteps.start();
});
beforeEach(() => register(undefined));
afterAll(() => steps.stop());

/** As if the service had been started with this registration. */
function register(policy: BankPolicy | undefined): void {
  const registered = { ...bank, ...(policy ? { policy } : {}) };
  Object.assign(steps.get(Clients), { findClient: (id: string) => (id === bank.id ? registered : undefined) });
}

async function evidenceOf({ consentId }: Pick<Consent, 'consentId'>): Promise<Evidence> {
  const store = steps.get(EvidenceStore);
  const [kept] = await store.findEvidence(steps.get(Database), consentId, bank.id);
  return store.getEvidence(kept!.evidenceId, bank.id);
}

/** What the circumstances say, as the API describes it. */
function recorded({ circumstances }: Evidence): PolicyOutcome | undefined {
  const { bankPolicy } = JSON.parse(circumstances) as JsonObject;
  if (bankPolicy === undefined) return undefined;
  const described = plainToInstance(BankPolicyDto, bankPolicy);
  expect(validateSync(described, { whitelist: true, forbidNonWhitelisted: true })).toEqual([]);
  return bankPolicy as unknown as PolicyOutcome;
}

const demanded = ({ circumstances }: Evidence) =>
  (JSON.parse(circumstances) as { order?: { signParameters?: { requirement?: unknown } } }).order?.signParameters
    ?.requirement;

/** Signs, as soon as the order is in hand, and waits for the end. */
async function signed(bound: BoundInteraction, id: string, fault: OrderFault = {}): Promise<Consent> {
  await steps.app.setOrderFault(id, fault);
  await steps.app.sign(id, { securityCode: '123456' });
  return steps.until(bound, ({ consent }) => consent.state !== 'awaiting-authorisation');
}

/** Evidence of a payment that is signed only with the security code. */
async function signedWithCode(bound: BoundInteraction): Promise<Evidence> {
  const id = await steps.scan(bound);
  await expect(steps.app.sign(id)).rejects.toThrow('security-code-required');
  const consent = await signed(bound, id);
  expect(consent.state).toBe('authorised');
  const evidence = await evidenceOf(consent);
  expect(demanded(evidence)).toEqual({ pinCode: true });
  return evidence;
}

const REFUSED = { state: 'rejected', reason: 'bank-policy' };

async function isRefused(consent: Consent, rule: string): Promise<void> {
  expect(consent).toMatchObject(REFUSED);
  const evidence = await evidenceOf(consent);
  expect(evidence).toMatchObject({ kind: 'refused', indication: 'TOTAL-PASSED' });
  const { outcome, rules } = recorded(evidence)!;
  expect(outcome).toBe('not-met');
  expect(rules.filter((one) => one.outcome === 'not-met').map(({ name }) => name)).toEqual([rule]);
}

const code: BankPolicy = [{ name: 'code', amountsFrom: { SEK: '1000.00' }, requirement: { pinCode: true } }];
const document: BankPolicy = [{ name: 'document', requirement: { mrtd: true }, withoutDocument: { pinCode: true } }];
const risk: BankPolicy = [{ name: 'risk', maxRisk: 'low' }];
const age: BankPolicy = [{ name: 'age', minBankIdAgeDays: 7 }];
const yesterday = (): string => new Date(steps.clock.now().getTime() - 24 * 3600_000).toISOString().slice(0, 10);

describe('a payment at a bank with a policy', () => {
  it('is signed with the security code from the amount of the rule on, and freely below', async () => {
    register(code);
    const bound = await steps.pushBound();
    const evidence = await signedWithCode(bound);
    expect(recorded(evidence)).toEqual({
      outcome: 'met',
      rules: [
        {
          name: 'code',
          outcome: 'met',
          amountFrom: '1000.00',
          documentReplaced: false,
          conditions: [{ condition: 'pinCode', required: 'true', found: 'true', met: true }],
        },
      ],
    });

    const initiation = payment({ instructedAmount: { currency: 'SEK', amount: '999.99' } });
    const cheap = await steps.sign(await steps.pushBound({ initiation }));
    const unasked = await evidenceOf(cheap);
    expect(demanded(unasked)).toBeUndefined();
    expect(recorded(unasked)?.rules).toMatchObject([{ outcome: 'not-applicable', conditions: [] }]);
  });

  it('is signed after the identity document was read', async () => {
    register(document);
    const bound = await steps.pushBound();
    const id = await steps.scan(bound);
    await steps.app.readDocument(id);
    const consent = await signed(bound, id);
    expect(consent.state).toBe('authorised');
    expect(recorded(await evidenceOf(consent))?.rules).toMatchObject([
      { outcome: 'met', conditions: [{ condition: 'mrtd', found: 'true', met: true }] },
    ]);
  });

  it.each<[string, OrderFault]>([
    ['says that no document was read', { mrtd: false }],
    ['says nothing of a document', { mrtd: null }],
  ])('is refused where BankID was asked to read a document and %s', async (_what, fault) => {
    register(document);
    const bound = await steps.pushBound();
    const id = await steps.scan(bound);
    await steps.app.readDocument(id);
    await isRefused(await signed(bound, id, fault), 'document');
  });

  it('can be signed by a payer whose document cannot be read, as the rule says', async () => {
    register(document);
    const bound = await steps.pushBound();
    await steps.app.fail(await steps.scan(bound), 'nfcNotSupportedByDevice');
    await eventually(async () => {
      const settled = 'select id from signing_attempt where consent_id = $1 and ended_at is not null';
      const [ended] = await steps.database.asOwner(settled, [bound.consent.consentId]);
      return ended;
    });
    const evidence = await signedWithCode(bound);
    expect(recorded(evidence)?.rules).toMatchObject([{ outcome: 'met', documentReplaced: true }]);
  });

  it('is not asked for in a call, where no document can be read: nobody is called in vain', async () => {
    const calls = new BackchannelSteps(steps.world);
    const ask = (policy: BankPolicy) => calls.begin('phone', { bank: { ...bank, policy } });
    expect(await codeOf(ask(document))).toBe('initiation.invalid');
    expect(await codeOf(ask(document.map((rule) => ({ ...rule, ways: ['app', 'qr'] }))))).toBe('no error');
  });

  it('asks for a card where the rule does', async () => {
    register([{ name: 'card', requirement: { cardReader: 'class2' } }]);
    const id = await steps.scan(await steps.pushBound());
    await expect(steps.app.sign(id)).rejects.toThrow('policy-required');
  });

  it.each<[string, BankPolicy, () => OrderFault]>([
    ['at a higher risk than the rule accepts', risk, () => ({ risk: 'moderate' })],
    ['where BankID says nothing of the risk', risk, () => ({ risk: null })],
    ['with a BankID that was issued yesterday', age, () => ({ bankIdIssueDate: yesterday() })],
    ['where BankID does not say when it was issued', age, () => ({ bankIdIssueDate: null })],
    ['where that is no date', age, () => ({ bankIdIssueDate: 'recently' })],
  ])('is refused %s: the signature is kept, and counted', async (_what, policy, fault) => {
    register(policy);
    const counter = () => steps.metrics.readCounter('sigill_verification_refusals_total', { check: 'bank-policy' });
    const before = await counter();
    const bound = await steps.pushBound();
    const consent = await signed(bound, await steps.scan(bound), fault());
    await isRefused(consent, policy[0]!.name);
    expect(await counter()).toBe(before + 1);
    expect(await steps.findGrant(bound)).toBeUndefined();
    expect((await steps.eventTypes(bound)).at(-1)).toBe('consent.rejected');
  });

  it('is signed with an old BankID at low risk', async () => {
    register([...risk, ...age]);
    const bound = await steps.pushBound();
    const fault = { risk: 'low', bankIdIssueDate: '2024-02-29' };
    expect((await signed(bound, await steps.scan(bound), fault)).state).toBe('authorised');
  });

  it('is judged by the policy that stood at the press, not by that of today', async () => {
    register(age);
    const bound = await steps.pushBound();
    const strict = await steps.scan(bound);
    register(undefined);
    await isRefused(await signed(bound, strict, { bankIdIssueDate: yesterday() }), 'age');

    const free = await steps.pushBound();
    const id = await steps.scan(free);
    register(age);
    const consent = await signed(free, id, { bankIdIssueDate: yesterday() });
    expect(consent.state).toBe('authorised');
    expect(recorded(await evidenceOf(consent))).toBeUndefined();
  });

  it('says nothing of a policy where the bank has none', async () => {
    const evidence = await evidenceOf(await steps.sign(await steps.pushBound()));
    expect(JSON.parse(evidence.circumstances)).not.toHaveProperty('bankPolicy');
    expect(JSON.parse(evidence.report)).not.toHaveProperty('bankPolicy');
  });

  it('shows the rule and its outcome in the report on its folder, in Swedish and in English', async () => {
    register([...age, { name: 'code', amountsFrom: { SEK: '5000.00' }, requirement: { pinCode: true } }]);
    const bound = await steps.pushBound();
    const evidence = await evidenceOf(await signed(bound, await steps.scan(bound), { bankIdIssueDate: yesterday() }));
    const settings = makeSettings({
      roots: [{ pem: evidence.root, unpinned: 'accept-unpinned' }],
      kinds: ['unpinned'],
      carriedRoots: 'ignore',
      policy: 'bankid',
      time: { now: new Date(), vouchedAt: undefined },
      relyingParty: undefined,
    });
    const report = verifyFolder(evidenceFolder(evidence), settings);
    expect(report).toMatchObject({ indication: 'TOTAL-PASSED', bankPolicy: { outcome: 'not-met' } });
    expect(formatReport(report, languages.en)).toContain(
      "bank's rule     age: NOT MET (BankID at least 7 days old: 1), as the service recorded\nbank's rule     code: does not apply, as the service recorded\n",
    );
    expect(formatReport(report, languages.sv)).toContain(
      'bankens regel   age: INTE UPPFYLLD (BankID minst 7 dagar gammalt: 1), enligt tjänstens anteckning\n',
    );
  });
});
