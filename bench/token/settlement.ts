import { randomBytes, randomUUID } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { AuditTrail } from '../../src/audit/audit-trail.ts';
import type { Consent } from '../../src/consent/consent.ts';
import { Authorisations } from '../../src/consent/authorisations.ts';
import { Interactions } from '../../src/consent/interactions.ts';
import { addMs, MINUTE_MS, systemClock, type Clock } from '../../src/kernel/clock.ts';
import { newEvidenceId, newOrderId, parseInteractionId, type EvidenceId, type OrderId } from '../../src/kernel/ids.ts';
import { findPersonalNumber, type PersonalNumber } from '../../src/kernel/personal-number.ts';
import { consentSubject } from '../../src/kernel/subject.ts';
import { initiationText } from '../../src/payment/initiation.ts';
import { Database, type Scope, type Tx } from '../../src/database/database.ts';
import { Envelope } from '../../src/vault/envelope.ts';
import { statement } from '../../src/database/statement.ts';

/** About what a signature, its OCSP response and the rest weigh. */
const SIGNATURE = randomBytes(16_000);
const PERSONAL_NUMBER = findPersonalNumber('199001012385') as PersonalNumber;

const INSERT_ATTEMPT = statement(
  'bench.insertAttempt',
  `insert into signing_attempt (id, consent_id, client_id, return_nonce_hash, started_at) values ($1, $2, $3, $4, $5)`,
);

const INSERT_ORDER = statement(
  'bench.insertOrder',
  `insert into sign_order (id, purpose, order_group, subject, state, device, platform, relying_party_name, request_sealed,
                           requested_at, pressed_at, started_at, answered_at, order_ref, start_sealed, answer_status)
   values ($1, 'bench', $2, $3, 'answered', 'this', 'ios', 'bench', $4, $5, $5, $5, $5, $6, $7, 'complete')`,
);

const INSERT_ANSWER = statement(
  'bench.insertAnswer',
  'insert into bankid_answer (order_id, answer_sealed, received_at) values ($1, $2, $3)',
);

const AUTHORISE = statement(
  'bench.authorise',
  `update consent set state = 'authorised', authorised_at = $2, expires_at = $3
    where id = $1 and state = 'awaiting-authorisation' and expires_at > $2`,
);

const END_ATTEMPT = statement(
  'bench.endAttempt',
  `update signing_attempt set outcome = 'authorised', ended_at = $2 where id = $1`,
);

const SETTLE_ORDER = statement(
  'bench.settleOrder',
  `update sign_order set state = 'settled', outcome = 'authorised', settled_at = $2 where id = $1 and state = 'answered'`,
);

const INSERT_EVIDENCE = statement(
  'bench.insertEvidence',
  `insert into evidence (id, kind, subject, consent_id, bank, client_id, order_id, environment, indication, digest, sealed,
                         signed_at, received_at, stored_at, retention_ends_at)
   values ($1, 'accepted', $2, $3, $4, $5, $6, 'sandbox', 'TOTAL-PASSED', $7, $8, $9, $9, $9, $9::timestamptz + interval '10 years')`,
);

const INSERT_AUTHORISATION = statement(
  'bench.insertAuthorisation',
  `insert into authorisation (consent_id, evidence_id, evidence_digest, order_id, environment, bank, client_id, initiation,
                              payment_mac, payer_mac, payer_sealed, payer_subject, signed_at, authorised_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)`,
);

/**
 * Signs for the payer without BankID: the rows and transactions that a signature leaves in the tables, but no order is placed,
 * collected or verified. For the benchmark alone: it runs beside the service, on its own database.
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
    const { cookie, bound } = await this.#get(Interactions).bindBrowser(parseInteractionId(interaction), undefined);
    const order = await this.#storeAnswer(bound.consent);
    await this.#authorise(bound.consent, order);
    return cookie;
  }

  /** What the press of the button, the collector and BankID's answer leave. */
  async #storeAnswer(consent: Consent): Promise<Order> {
    const order = { id: newOrderId(), attemptId: randomUUID() };
    const subject = consentSubject(consent.bank, consent.consentId);
    const now = this.#clock.now();
    await this.#get(Database).inTransaction(async (tx) => {
      const envelope = this.#get(Envelope);
      const key = (await envelope.findDataKey(tx, subject)) ?? (await envelope.createDataKey(tx, subject));
      await tx.query(INSERT_ATTEMPT, [order.attemptId, consent.consentId, consent.clientId, randomBytes(32), now]);
      await tx.query(INSERT_ORDER, [
        order.id,
        consent.consentId,
        subject,
        key.seal('request', order.id, randomBytes(1500)),
        now,
        randomUUID(),
        key.seal('start', order.id, randomBytes(200)),
      ]);
      await tx.query(INSERT_ANSWER, [order.id, key.seal('answer', order.id, SIGNATURE), now]);
    });
    return order;
  }

  /** Transaction B of the settler. */
  async #authorise(consent: Consent, order: Order): Promise<void> {
    const now = this.#clock.now();
    const subject = consentSubject(consent.bank, consent.consentId);
    await this.#get(Database).inTransaction(async (tx) => {
      await tx.query(AUTHORISE, [consent.consentId, now, addMs(now, 5 * MINUTE_MS)]);
      const evidence = await this.#insertEvidence(tx, consent, order, now);
      await this.#insertAuthorisation(tx, consent, { orderId: order.id, ...evidence }, now);
      await this.#get(AuditTrail).appendEvent(tx, subject, {
        type: 'consent.authorised',
        at: now,
        actor: 'service',
        detail: { orderId: order.id, evidenceId: evidence.id },
      });
      await tx.query(END_ATTEMPT, [order.attemptId, now]);
      await tx.query(SETTLE_ORDER, [order.id, now]);
    });
  }

  async #insertEvidence(tx: Scope, { consentId, bank, clientId }: Consent, order: Order, now: Date): Promise<Evidence> {
    const evidence = { id: newEvidenceId(), digest: randomBytes(32) };
    const subject = consentSubject(bank, consentId);
    const sealed = await this.#get(Envelope).seal(tx, subject, 'evidence', evidence.id, SIGNATURE);
    await tx.query(INSERT_EVIDENCE, [
      evidence.id,
      subject,
      consentId,
      bank,
      clientId,
      order.id,
      evidence.digest,
      sealed,
      now,
    ]);
    return evidence;
  }

  async #insertAuthorisation(
    tx: Tx,
    { consentId, bank, clientId, initiation }: Consent,
    of: Evidence & { readonly orderId: OrderId },
    now: Date,
  ): Promise<void> {
    const signed = {
      consentId,
      evidenceId: of.id,
      environment: 'sandbox',
      bank,
      clientId,
      initiationText: initiationText(initiation),
    };
    const signer = { personalNumber: PERSONAL_NUMBER, signedAt: now };
    const key = await this.#get(Envelope).getDataKey(tx, consentSubject(bank, consentId));
    const row = this.#get(Authorisations).sign(key, signed, signer, of.digest);
    await tx.query(INSERT_AUTHORISATION, [
      row.consentId,
      row.evidenceId,
      row.evidenceDigest,
      of.orderId,
      row.environment,
      row.bank,
      row.clientId,
      row.initiationText,
      row.paymentMac,
      row.payerMac,
      row.payerSealed,
      row.subject,
      now,
    ]);
  }

  #get<T>(type: abstract new (...args: never[]) => T): T {
    return this.#app.get<T>(type, { strict: false });
  }
}

interface Order {
  readonly id: OrderId;
  readonly attemptId: string;
}

interface Evidence {
  readonly id: EvidenceId;
  readonly digest: Buffer;
}
