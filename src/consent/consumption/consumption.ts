import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail, eventText } from '../../audit/audit-trail.ts';
import { formatInstant, type Clock } from '../../kernel/clock.ts';
import { DomainError, type ErrorCode } from '../../kernel/errors.ts';
import type { ClientId, ConsentId } from '../../kernel/ids.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { PersonalNumber } from '../../kernel/personal-number.ts';
import { consentSubject } from '../../kernel/subject.ts';
import { initiationToJson, textsThatAllow, type PaymentInitiation } from '../../payment/initiation.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database, type Tx } from '../../database/database.ts';
import { violatesUniqueIndex } from '../../database/database-errors.ts';
import { Envelope } from '../../vault/envelope.ts';
import type { Caller } from '../../client-auth/access.ts';
import { Authorisations } from '../authorisations.ts';
import type { StoredConsent } from '../consent.ts';
import { checkStanding, type Consumable } from './check-standing.ts';
import { consumeRequestHash, isConsumeRequest, referenceHash } from './consume-request.ts';
import { consume, findStanding, recordExecution, type ConsumeCall } from './consumption.repository.ts';
import { findConsentOf } from '../store/consent.repository.ts';

/** A bank's call: the payment as it will execute it. */
export interface ConsumeRequest {
  /** SHA-256 of the access token that the TPP presented. */
  readonly accessTokenSha256: Buffer;
  readonly payment: PaymentInitiation;
  /** The account holder, according to the bank's records. */
  readonly payer: PersonalNumber;
  readonly paymentReference: string;
}

export interface ExecutionReport {
  readonly execution: 'executed' | 'failed';
  readonly reason: string | undefined;
}

/** Refusals, as opposed to failures to answer. */
const refusals: ReadonlySet<ErrorCode> = new Set([
  'consent.not-authorised',
  'consent.altered',
  'consent.payment-differs',
  'consent.payer-differs',
  'consent.token-differs',
  'consent.reference-used',
  'consent.reference-body-differs',
]);

/** The consumption of a consent, and its outcome. */
@Injectable()
export class Consumption {
  constructor(
    private readonly database: Database,
    private readonly envelope: Envelope,
    private readonly audit: AuditTrail,
    private readonly authorisations: Authorisations,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Consumes the consent exactly once. A repeated call always gets the first answer.
   * @throws DomainError `consent.not-found`; `consent.not-authorised` with the state; `consent.altered`;
   *   `consent.payment-differs`, `consent.payer-differs`, `consent.token-differs`; `consent.reference-used`,
   *   `consent.reference-body-differs`; `service.key-missing`
   */
  async consume(consentId: ConsentId, bank: Caller, request: ConsumeRequest): Promise<JsonObject> {
    const call = this.#callOf(consentId, bank.clientId, request);
    const checked = await this.#check(call);
    if ('answer' in checked) return checked.answer;
    const answer = await this.#consumeOnce(call, checked);
    if (answer) return answer;
    // Another call was first, or the time is up meanwhile.
    const since = await this.#check(call);
    if ('answer' in since) return since.answer;
    throw new DomainError('service.unavailable');
  }

  /**
   * The bank reports the outcome of the payment, once.
   * @throws DomainError `consent.not-found`, `consent.not-consumed`, `consent.execution-reported` when it said otherwise before;
   *   `consent.altered`, `service.key-missing`
   */
  async reportExecution(consentId: ConsentId, bank: Caller, report: ExecutionReport): Promise<JsonObject> {
    const now = this.clock.now();
    const stored = await findConsentOf(this.database, consentId, { bank: bank.clientId });
    if (stored?.signed) await this.authorisations.checkSigned(consentId, stored.signed);
    const isRecorded = await this.database.inTransaction(async (tx) => {
      if (!(await recordExecution(tx, consentId, bank.clientId, report, now))) return false;
      await this.#append(tx, consentId, bank.clientId, 'consent.execution-reported', { execution: report.execution });
      return true;
    });
    if (!isRecorded) checkSameReport(await findConsentOf(this.database, consentId, { bank: bank.clientId }), report);
    return { consentId, execution: report.execution };
  }

  #callOf(consentId: ConsentId, bank: ClientId, request: ConsumeRequest): ConsumeCall {
    const now = this.clock.now();
    const { payment, payer, paymentReference } = request;
    const wire = initiationToJson(payment);
    const content = { consentId, ...request, payment: wire };
    return {
      consentId,
      bank,
      tokenHash: request.accessTokenSha256,
      payment: wire,
      paymentTexts: textsThatAllow(payment),
      payer,
      paymentReference,
      requestHash: consumeRequestHash(this.envelope, content),
      isThisRequest: (hash) => isConsumeRequest(this.envelope, hash, content),
      debtorAccount: payment.debtorAccount,
      answer: { consentId, state: 'consumed', consumedAt: formatInstant(now), paymentReference },
      now,
    };
  }

  /** The refusal is an event too: a bank that tries another payment must be noticed. */
  async #check(call: ConsumeCall): ReturnType<typeof checkStanding> {
    try {
      return await checkStanding(await findStanding(this.database, call), call, this.authorisations);
    } catch (error) {
      if (error instanceof DomainError && refusals.has(error.code)) {
        await this.database.inTransaction((tx) =>
          this.#append(tx, call.consentId, call.bank, 'consent.consumption-refused', { problem: error.code }),
        );
      }
      throw error;
    }
  }

  async #consumeOnce(call: ConsumeCall, { signed, macs }: Consumable): Promise<JsonObject | undefined> {
    const [asNamed] = call.paymentTexts;
    const addedAccount = asNamed === signed.initiationText ? undefined : call.debtorAccount;
    const answer = { ...call.answer, evidenceDigest: signed.evidenceDigest.toString('base64url') };
    const referenceSalt = randomBytes(32);
    const paymentReferenceHash = referenceHash(referenceSalt, call.paymentReference);
    const event = eventText({
      type: 'consent.consumed',
      at: this.clock.now(),
      actor: call.bank,
      detail: { paymentReferenceHash, addsDebtorAccount: addedAccount !== undefined },
    });
    try {
      return await consume(this.database, call, macs, { answer, addedAccount, referenceSalt, event });
    } catch (error) {
      // Two consents with one reference at the same moment: the other one won at the unique index.
      if (violatesUniqueIndex(error, 'consent_payment_reference')) return undefined;
      throw error;
    }
  }

  async #append(tx: Tx, consentId: ConsentId, bank: ClientId, type: string, detail: JsonObject): Promise<void> {
    const event = { type, at: this.clock.now(), actor: bank, detail };
    await this.audit.appendEvent(tx, consentSubject(bank, consentId), event);
  }
}

function checkSameReport(consent: StoredConsent | undefined, report: ExecutionReport): void {
  if (!consent) throw new DomainError('consent.not-found');
  if (consent.state !== 'consumed') throw new DomainError('consent.not-consumed', { extra: { state: consent.state } });
  const isSame = consent.execution === report.execution && consent.executionReason === report.reason;
  if (!isSame) throw new DomainError('consent.execution-reported');
}
