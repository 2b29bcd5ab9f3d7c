import { randomBytes, randomUUID } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { eventText } from '../../src/audit/audit-trail.ts';
import { newBrowserCookie } from '../../src/attempts/browser-cookie.ts';
import { Authorisations } from '../../src/consent/authorisations.ts';
import { lifetimes } from '../../src/consent/lifetimes.ts';
import { authoriseConsent, type AuthorisedOrder } from '../../src/consent/settlement/authorise.repository.ts';
import { Signing, type Press, type SigningRequest } from '../../src/consent/signing.ts';
import { Database } from '../../src/database/database.ts';
import { statement } from '../../src/database/statement.ts';
import type { SealedEvidence } from '../../src/evidence/evidence.ts';
import { retentionEnd } from '../../src/evidence/retention.ts';
import { SignatureTrust } from '../../src/evidence/signature-trust.ts';
import { addMs, systemClock, type Clock } from '../../src/kernel/clock.ts';
import { newEvidenceId, parseInteractionId, type OrderId } from '../../src/kernel/ids.ts';
import { findPersonalNumber, type PersonalNumber } from '../../src/kernel/personal-number.ts';
import { initiationText } from '../../src/payment/initiation.ts';

/** About what a signature and its OCSP response weigh, compressed. */
const ANSWER = randomBytes(7_600);
/** About what stands beside them in the evidence, compressed. */
const EVIDENCE = randomBytes(2_600);
const PERSONAL_NUMBER = findPersonalNumber('199001012385') as PersonalNumber;
const SETTLE_LEASE_MS = 15_000;

const request: SigningRequest = {
  device: 'this',
  language: 'sv',
  endUserIp: '192.0.2.7',
  userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)',
  deviceIdentifier: 'device-identifier-of-the-benchmark',
  returnUrl: (nonce) => `https://sigill.example/pay/back?n=${nonce}`,
};

/** What BankID's answer leaves of an order that was never sent to it. It is leased at once, so that no settler takes it. */
const STORE_ANSWER = statement(
  'bench.storeAnswer',
  `with answered as (
     update sign_order
        set state = 'answered', order_ref = $2, start_sealed = $3, started_at = $5, answered_at = $5, answer_status = 'complete',
            settle_lease = $6, settle_lease_until = clock_timestamp() + make_interval(secs => $7 / 1000.0)
      where id = $1 and state = 'requested'
     returning id)
   insert into bankid_answer (order_id, answer_sealed, received_at) select id, $4, $5 from answered`,
);

type Attempt = Extract<Press, { readonly attempt: unknown }>['attempt'];
type Answered = AuthorisedOrder['order'];

/**
 * Signs for the payer without BankID: the press and the transaction that authorises are the service's own, what BankID and the
 * collector do between them is one statement, and no signature is verified.
 */
export class Settlement {
  readonly #app: INestApplicationContext;
  readonly #clock: Clock;

  constructor(app: INestApplicationContext, clock: Clock = systemClock) {
    this.#app = app;
    this.#clock = clock;
  }

  /** The cookie of the browser that is bound now. */
  async settle(interaction: string): Promise<string> {
    const { cookie, authorise } = await this.prepare(interaction);
    await authorise();
    return cookie;
  }

  /** All but transaction B, which `authorise` is. */
  async prepare(interaction: string): Promise<{ readonly cookie: string; readonly authorise: () => Promise<void> }> {
    const browser = { interactionId: parseInteractionId(interaction), cookie: newBrowserCookie() };
    const press = await this.#get(Signing).press(browser, request);
    if ('refused' in press) throw press.refused;
    if (!press.stored.unsent) throw new Error(`interaction ${interaction} has an open order already`);
    const answered = await this.#storeAnswer(press.attempt, press.stored.unsent.orderId);
    return { cookie: browser.cookie, authorise: () => this.#authorise(press.attempt, answered) };
  }

  async #storeAnswer({ key }: Attempt, orderId: OrderId): Promise<Answered> {
    const order = { orderId, leaseId: randomUUID(), receivedAt: this.#clock.now() };
    await this.#get(Database).query(STORE_ANSWER, [
      orderId,
      randomUUID(),
      key.seal('start', orderId, randomBytes(200)),
      key.seal('answer', orderId, ANSWER),
      order.receivedAt,
      order.leaseId,
      SETTLE_LEASE_MS,
    ]);
    return order;
  }

  /** Transaction B. */
  async #authorise(attempt: Attempt, order: Answered): Promise<void> {
    const now = this.#clock.now();
    const { attemptId, key, consent } = attempt;
    const evidence = sealEvidence(attempt, order, this.#get(SignatureTrust).rootSha256, now);
    const { evidenceId, evidenceDigest } = evidence.summary;
    const signed = {
      consentId: consent.consentId,
      evidenceId,
      environment: 'sandbox',
      bank: consent.bank,
      clientId: consent.clientId,
      initiationText: initiationText(consent.initiation),
    };
    const signer = { personalNumber: PERSONAL_NUMBER, signedAt: now };
    const detail = { orderId: order.orderId, evidenceId, evidenceDigest: evidenceDigest.toString('base64url') };
    const authorised = {
      order,
      attemptId,
      evidence,
      authorisation: this.#get(Authorisations).sign(key, signed, signer, evidenceDigest),
      event: eventText({ type: 'consent.authorised', at: now, actor: 'service', detail }),
      now,
      returnBy: addMs(now, lifetimes.returnMs),
    };
    const { isAuthorised } = await authoriseConsent(this.#get(Database), authorised);
    if (!isAuthorised) throw new Error(`consent ${consent.consentId} was not authorised`);
  }

  #get<T>(type: abstract new (...args: never[]) => T): T {
    return this.#app.get<T>(type, { strict: false });
  }
}

/** Of the weight of evidence, and as random as what is sealed. */
function sealEvidence(
  { consent, key }: Attempt,
  { orderId, receivedAt }: Answered,
  rootSha256: Buffer,
  now: Date,
): SealedEvidence {
  const evidenceId = newEvidenceId();
  const { consentId, bank, clientId } = consent;
  return {
    summary: {
      evidenceId,
      kind: 'accepted',
      consentId,
      bank,
      clientId,
      orderId,
      environment: 'sandbox',
      indication: 'TOTAL-PASSED',
      subIndication: undefined,
      evidenceDigest: randomBytes(32),
      signedAt: now,
      receivedAt,
      storedAt: now,
      retentionEndsAt: retentionEnd('accepted', now, 12),
    },
    subject: key.subject,
    sealed: key.seal('evidence', evidenceId, EVIDENCE),
    rootSha256,
    personHash: Buffer.concat([Buffer.of(2), Buffer.from('k1'), randomBytes(32)]),
  };
}
