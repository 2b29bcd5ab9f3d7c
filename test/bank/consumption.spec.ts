import { randomBytes } from 'node:crypto';
import { MINUTE_MS } from '../../src/kernel/clock.ts';
import { Database } from '../../src/database/database.ts';
import {
  bank,
  bo,
  callerOf,
  codeOf,
  ConsentSteps,
  otherBank,
  payment,
  shop,
} from '../support/parties/consent-steps.ts';
import { unlisted } from '../support/database/database.ts';

let steps: ConsentSteps;
const caller = callerOf(bank);

beforeAll(async () => {
  steps = await ConsentSteps.start();
});

afterAll(() => steps.stop());

const stateOf = async (bound: Parameters<ConsentSteps['reload']>[0]): Promise<string> =>
  (await steps.reload(bound)).consent.state;

describe('a consumption', () => {
  it('happens once, and the same call is given the first answer', async () => {
    const { bound, request } = await steps.consumable();
    const { consentId } = bound.consent;
    const answer = await steps.consumption.consume(consentId, caller, request);
    expect(answer).toMatchObject({ consentId, state: 'consumed', paymentReference: request.paymentReference });
    expect(answer['evidenceDigest']).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(await steps.consumption.consume(consentId, caller, request)).toEqual(answer);
    const otherReference = { ...request, paymentReference: 'another' };
    expect(await codeOf(steps.consumption.consume(consentId, caller, otherReference))).toBe('consent.not-authorised');
    const otherBody = { ...request, payment: payment({ instructedAmount: { currency: 'SEK', amount: '1' } }) };
    expect(await codeOf(steps.consumption.consume(consentId, caller, otherBody))).toBe(
      'consent.reference-body-differs',
    );
    expect((await steps.eventTypes(bound)).filter((type) => type === 'consent.consumed')).toHaveLength(1);
  });

  it('has one winner among fifty at the same time', async () => {
    const { bound, request } = await steps.consumable();
    const codes = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        codeOf(
          steps.consumption.consume(bound.consent.consentId, caller, { ...request, paymentReference: `race-${n}` }),
        ),
      ),
    );
    expect(codes.filter((code) => code === 'no error')).toHaveLength(1);
    expect(codes.filter((code) => code === 'consent.not-authorised')).toHaveLength(49);
  });

  it('is answered alike to fifty repetitions at the same time', async () => {
    const { bound, request } = await steps.consumable();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => steps.consumption.consume(bound.consent.consentId, caller, request)),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  it('and a revocation at the same moment never both succeed: one of them ends the consent', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { bound, request } = await steps.consumable();
      const { consentId } = bound.consent;
      const [consumed, revoked] = await Promise.all([
        codeOf(steps.consumption.consume(consentId, caller, request)),
        codeOf(steps.revocation.revokeConsent(consentId, callerOf(shop))),
      ]);
      expect([consumed, revoked].filter((code) => code === 'no error')).toHaveLength(1);
      expect(await stateOf(bound)).toBe(consumed === 'no error' ? 'consumed' : 'revoked');
    }
  });

  it.each<[string, string, object]>([
    [
      'another amount',
      'consent.payment-differs',
      { payment: payment({ instructedAmount: { currency: 'SEK', amount: '1250.01' } }) },
    ],
    ['another payee', 'consent.payment-differs', { payment: payment({ creditorName: 'Elbolaget B' }) }],
    ['another account', 'consent.payment-differs', { payment: payment({ creditorAccount: { plusgiro: '901234-5' } }) }],
    [
      'an OCR number that was not signed',
      'consent.payment-differs',
      { payment: payment({ remittanceInformationStructured: { reference: '18', referenceType: 'OCR' } }) },
    ],
    ['another payer', 'consent.payer-differs', { payer: bo }],
    ['another token', 'consent.token-differs', { accessTokenSha256: randomBytes(32) }],
  ])('is refused with %s, and nothing changes', async (_what, code, change) => {
    const { bound, request } = await steps.consumable();
    const { consentId } = bound.consent;
    expect(await codeOf(steps.consumption.consume(consentId, caller, { ...request, ...change }))).toBe(code);
    expect(await stateOf(bound)).toBe('authorised');
    expect((await steps.eventTypes(bound)).at(-1)).toBe('consent.consumption-refused');
    expect(await codeOf(steps.consumption.consume(consentId, caller, request))).toBe('no error');
  });

  it('is refused to another bank as if there were no consent', async () => {
    const { bound, request } = await steps.consumable();
    const tried = steps.consumption.consume(bound.consent.consentId, callerOf(otherBank), request);
    expect(await codeOf(tried)).toBe('consent.not-found');
  });

  it('is refused under a reference that another consent has, also in a race', async () => {
    const consumable = await Promise.all([steps.consumable(), steps.consumable(), steps.consumable()]);
    const codes = await Promise.all(
      consumable.map(({ bound, request }) =>
        codeOf(steps.consumption.consume(bound.consent.consentId, caller, { ...request, paymentReference: 'shared' })),
      ),
    );
    expect(codes.sort()).toEqual(['consent.reference-used', 'consent.reference-used', 'no error']);
  });

  it('may name the debited account that the payer left open, and it is kept', async () => {
    const { bound, request } = await steps.consumable();
    const named = payment({ debtorAccount: { iban: 'SE4550000000058398257466' } });
    await steps.consumption.consume(bound.consent.consentId, caller, { ...request, payment: named });
    const { consent } = await steps.reload(bound);
    expect(consent.debtorAccount).toEqual({ kind: 'iban', value: 'SE4550000000058398257466' });
    expect(consent.initiation.debtorAccount).toBeUndefined();
  });

  it('must keep the debited account that the payer signed', async () => {
    const initiation = payment({ debtorAccount: { iban: 'SE4550000000058398257466' } });
    const { bound, request } = await steps.consumable({ initiation });
    const { consentId } = bound.consent;
    const changed = { ...request, payment: payment({ debtorAccount: { bban: '6000806967498' } }) };
    expect(await codeOf(steps.consumption.consume(consentId, caller, changed))).toBe('consent.payment-differs');
    const left = { ...request, payment: payment() };
    expect(await codeOf(steps.consumption.consume(consentId, caller, left))).toBe('consent.payment-differs');
    expect(await codeOf(steps.consumption.consume(consentId, caller, request))).toBe('no error');
  });

  it('is refused with any token of the consent but the newest', async () => {
    const { bound, request } = await steps.consumable();
    const newer = await steps.tokenOf(bound);
    const { consentId } = bound.consent;
    expect(await codeOf(steps.consumption.consume(consentId, caller, request))).toBe('consent.token-differs');
    expect(await codeOf(steps.consumption.consume(consentId, caller, { ...request, accessTokenSha256: newer }))).toBe(
      'no error',
    );
  });
});

describe('an execution', () => {
  it('is reported once; the same report again is no fault', async () => {
    const { bound, request } = await steps.consumable();
    const { consentId } = bound.consent;
    const executed = { execution: 'executed', reason: undefined } as const;
    expect(await codeOf(steps.consumption.reportExecution(consentId, caller, executed))).toBe('consent.not-consumed');
    await steps.consumption.consume(consentId, caller, request);
    expect(await steps.consumption.reportExecution(consentId, caller, executed)).toEqual({
      consentId,
      execution: 'executed',
    });
    expect(await codeOf(steps.consumption.reportExecution(consentId, caller, executed))).toBe('no error');
    const failed = { execution: 'failed', reason: 'no cover' } as const;
    expect(await codeOf(steps.consumption.reportExecution(consentId, caller, failed))).toBe(
      'consent.execution-reported',
    );
    expect(await codeOf(steps.consumption.reportExecution(consentId, callerOf(otherBank), executed))).toBe(
      'consent.not-found',
    );
    expect(await steps.consents.getRepresentation(consentId, callerOf(shop))).toMatchObject({
      execution: 'executed',
      berlinGroup: { transactionStatus: 'ACSC', scaStatus: 'finalised' },
      obie: { status: 'COND' },
    });
  });
});

describe('a revocation', () => {
  it('ends a consent before and after the signature, and is no fault twice', async () => {
    const awaiting = await steps.pushBound();
    const authorised = await steps.authorised();
    for (const { consent } of [awaiting, authorised]) {
      await steps.revocation.revokeConsent(consent.consentId, callerOf(bank));
      await steps.revocation.revokeConsent(consent.consentId, callerOf(bank));
    }
    expect(await stateOf(awaiting)).toBe('revoked');
    expect(await stateOf(authorised)).toBe('revoked');
    expect(await steps.findGrant(authorised)).toBeUndefined();
    const foreign = steps.revocation.revokeConsent(awaiting.consent.consentId, callerOf(otherBank));
    expect(await codeOf(foreign)).toBe('consent.not-found');
  });

  it('comes too late for a consumed consent', async () => {
    const { bound, request } = await steps.consumable();
    await steps.consumption.consume(bound.consent.consentId, caller, request);
    const revoked = steps.revocation.revokeConsent(bound.consent.consentId, callerOf(shop));
    expect(await codeOf(revoked)).toBe('consent.not-authorised');
  });
});

describe('the database', () => {
  it('refuses to alter what was pushed, to leave a terminal state and to remove a consent', async () => {
    const { bound, request } = await steps.consumable();
    const { consentId } = bound.consent;
    await steps.consumption.consume(consentId, caller, request);
    const service = steps.get(Database);
    for (const sql of [
      `update consent set initiation = '{}' where id = $1`,
      `update consent set tpp_name = 'x' where id = $1`,
      `update consent set bank = 'x' where id = $1`,
      'delete from consent where id = $1',
      `update authorisation set payer_subject = 'x' where consent_id = $1`,
      'delete from authorisation where consent_id = $1',
      `update sign_order_request set request_sealed = '' where order_id = $1`,
      `update sign_order set requested_at = now() where order_group = $1::uuid::text`,
    ]) {
      await expect(service.query(unlisted(sql), [consentId])).rejects.toThrow(/permission denied|append-only/);
    }
    await expect(
      steps.database.asOwner(`update consent set state = 'authorised' where id = $1`, [consentId]),
    ).rejects.toThrow(/does not go from consumed to authorised/);
    await expect(steps.database.asOwner('delete from consent')).rejects.toThrow(/append-only/);
    await expect(steps.database.asOwner('delete from authorisation')).rejects.toThrow(/append-only/);
  });

  it("refuses to authorise a consent by another's evidence", async () => {
    const { consent } = await steps.authorised();
    const other = await steps.pushBound();
    const columns = `evidence_id, evidence_digest, order_id, environment, bank, client_id, initiation, payment_mac, payer_mac,
                     payer_sealed, payer_subject, signed_at, authorised_at`;
    const sql = `insert into authorisation (consent_id, ${columns}) select $2, ${columns} from authorisation where consent_id = $1`;
    const moved = steps.get(Database).query(unlisted(sql), [consent.consentId, other.consent.consentId]);
    await expect(moved).rejects.toThrow(/the evidence does not belong to the authorisation/);
  });
});

/** The last suite: it moves the clock ahead, after which no signature of the wall clock's time is in time. */
describe('time', () => {
  it('ends a consent that is not signed, not returned from or not consumed, each after its own span', async () => {
    const awaiting = await steps.pushBound();
    const unreturned = await steps.authorised();
    const { bound: returned, request } = await steps.consumable();
    const pushed = await steps.push();
    await steps.start(awaiting);

    steps.clock.advance(5 * MINUTE_MS + 1);
    expect(await codeOf(steps.interactions.bindBrowser(pushed.interactionId, undefined))).toBe('browser.too-late');
    expect(await steps.findGrant(unreturned)).toBeUndefined();
    const late = steps.consumption.consume(returned.consent.consentId, caller, request);
    expect(await codeOf(late)).toBe('consent.token-differs');
    await steps.until(unreturned, ({ consent }) => consent.state === 'expired');
    expect(await stateOf(returned)).toBe('authorised');
    expect((await steps.reload(unreturned)).consent.reason).toBe('no-return');

    steps.clock.advance(10 * MINUTE_MS);
    await steps.until(returned, ({ consent }) => consent.state === 'expired');
    expect((await steps.reload(returned)).consent.reason).toBe('no-consumption');
    const consent = await steps.until(awaiting, (now) => now.consent.state === 'expired');
    expect(consent.reason).toBe('no-authorisation');
    expect((await steps.eventTypes(awaiting)).filter((type) => type === 'consent.expired')).toHaveLength(1);
    expect(await codeOf(steps.start(awaiting))).toBe('consent.not-awaiting-authorisation');
  });
});
