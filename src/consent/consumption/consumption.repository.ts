import type { ClientId, ConsentId } from '../../kernel/ids.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { PersonalNumber } from '../../kernel/personal-number.ts';
import { consentSubject } from '../../kernel/subject.ts';
import { maybeRow, type Scope, type Tx } from '../../database/database.ts';
import { bool, bytes, instant, jsonObject, optionalBytes, optionalText, text } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import type { Consent, ConsentState, StoredPayment } from '../consent.ts';
import { parseSignedPayment } from '../grant-row.ts';
import { accountColumn } from '../store/consent.repository.ts';

/** A consume call in the form in which it is compared. */
export interface ConsumeCall {
  readonly consentId: ConsentId;
  readonly bank: ClientId;
  readonly tokenHash: Buffer;
  /** The payment which the bank will execute, in its wire form. */
  readonly payment: JsonObject;
  /** The signed texts that allow the payment which the bank will execute. */
  readonly paymentTexts: readonly string[];
  readonly payer: PersonalNumber;
  readonly paymentReference: string;
  readonly requestHash: Buffer;
  /** Whether a call that was answered before was this one. @throws DomainError `service.key-missing` */
  readonly isThisRequest: (requestHash: Buffer) => boolean;
  readonly debtorAccount: Consent['debtorAccount'];
  readonly answer: JsonObject;
  readonly now: Date;
}

/** What the authorisation must hold, under every look-up key there is: the call's own payment and payer, and nothing of the row. */
export interface ConsumeMacs {
  readonly payment: readonly Buffer[];
  readonly payer: readonly Buffer[];
}

/**
 * The chain records an end: a row that says `authorised` again was set back, or came from a backup by itself. What ends a consent
 * writes its event in the same transaction. The subject as `consentSubject` (kernel) says it, of $1 and $2.
 */
const HAS_ENDED = `exists (select from audit_event e where e.subject = 'consent:' || $2::text || ':' || $1::uuid
                            and e.type in ('consent.consumed', 'consent.rejected', 'consent.expired', 'consent.revoked'))`;

const TOKEN_IS_LIVE = 'c.live_token_hash is not distinct from $3 and c.live_token_expires_at > $4';

/**
 * The consumption is one statement. It writes consent, access_token and audit_event. It happens when everything is as the payer signed
 * it: of all who try at the same time, the first to lock the consent's row finds it authorised. The key of the row is given again
 * where the token is ended, so that no plan looks through the tokens.
 */
const CONSUME = statement(
  'consent.consume',
  `with consumed as (
     update consent c set state = 'consumed', ended_at = $4, payment_reference = $7, consume_request_hash = $8,
            execution = 'pending', debtor_account = $9::jsonb,
            consume_answer = $10::jsonb, payment_reference_salt = $13
       from authorisation a
      where a.consent_id = c.id and c.id = $1 and a.bank = $2 and c.state = 'authorised' and c.expires_at > $4
        and ${TOKEN_IS_LIVE} and a.payment_mac = any($5::bytea[]) and a.payer_mac = any($6::bytea[])
        and not exists (select from consent o where o.bank = $2 and o.payment_reference = $7)
        and not ${HAS_ENDED}
     returning c.consume_answer),
   ended_token as (
     update access_token set revoked_at = $4
      where kind = 'consent' and consent_id = $1 and revoked_at is null and exists (select from consumed)),
   new_event as (insert into audit_event (subject, event) select $11::text, $12::text from consumed)
   select consume_answer from consumed`,
);

/** What is stored with a consumption. */
export interface FirstAnswer {
  readonly answer: JsonObject;
  readonly addedAccount: Consent['debtorAccount'];
  /** 32 random bytes: the event names the payment reference by a hash over them and the reference. */
  readonly referenceSalt: Buffer;
  /** `consent.consumed`, as text. */
  readonly event: string;
}

/**
 * authorised → consumed, when everything is as the payer signed it. No row: another call was first, time was up, the
 * reference is taken, or it was another payment, payer, bank or token.
 */
export async function consume(
  scope: Scope,
  call: ConsumeCall,
  macs: ConsumeMacs,
  first: FirstAnswer,
): Promise<JsonObject | undefined> {
  const values = [
    call.consentId,
    call.bank,
    call.tokenHash,
    call.now,
    macs.payment,
    macs.payer,
    call.paymentReference,
    call.requestHash,
    accountColumn(first.addedAccount),
    JSON.stringify(first.answer),
    consentSubject(call.bank, call.consentId),
    first.event,
    first.referenceSalt,
  ];
  return maybeRow(scope, CONSUME, values, (row) => jsonObject(row, 'consume_answer'));
}

/** What a consume call needs to know of a consent. */
export interface Standing {
  readonly state: ConsentState;
  readonly expiresAt: Date;
  readonly paymentReference: string | undefined;
  readonly requestHash: Buffer | undefined;
  readonly answer: JsonObject | undefined;
  readonly referenceUsedElsewhere: boolean;
  readonly tokenEqual: boolean;
  /** Whether its chain of events says that it has ended, in any state of the row. */
  readonly hasEnded: boolean;
  /** Undefined until it is authorised. */
  readonly signed: (StoredPayment & { readonly payerMac: Buffer }) | undefined;
}

const FIND_STANDING = statement(
  'consent.findStanding',
  `select c.id, c.state, c.expires_at, c.payment_reference, c.consume_request_hash, c.consume_answer,
          exists (select from consent o where o.bank = $2 and o.payment_reference = $5 and o.id <> c.id) as used_elsewhere,
          coalesce(${TOKEN_IS_LIVE}, false) as token_equal, ${HAS_ENDED} as has_ended,
          a.evidence_id, a.environment, a.bank, a.client_id, a.initiation, a.evidence_digest, a.payer_subject,
          a.signed_at, a.payment_mac, a.payer_mac
     from consent c left join authorisation a on a.consent_id = c.id
    where c.id = $1 and coalesce(a.bank, c.bank) = $2 and c.initiation is not null`,
);

/** Undefined where the bank has no such consent. */
export async function findStanding(scope: Scope, call: ConsumeCall): Promise<Standing | undefined> {
  return maybeRow(
    scope,
    FIND_STANDING,
    [call.consentId, call.bank, call.tokenHash, call.now, call.paymentReference],
    (row) => ({
      state: text(row, 'state') as ConsentState,
      expiresAt: instant(row, 'expires_at'),
      paymentReference: optionalText(row, 'payment_reference'),
      requestHash: optionalBytes(row, 'consume_request_hash'),
      answer: row['consume_answer'] === null ? undefined : jsonObject(row, 'consume_answer'),
      referenceUsedElsewhere: bool(row, 'used_elsewhere'),
      tokenEqual: bool(row, 'token_equal'),
      hasEnded: bool(row, 'has_ended'),
      signed:
        row['payment_mac'] === null ? undefined : { ...parseSignedPayment(row), payerMac: bytes(row, 'payer_mac') },
    }),
  );
}

const RECORD_EXECUTION = statement(
  'consent.recordExecution',
  `update consent c set execution = $3, execution_reason = $4, execution_reported_at = $5
     from authorisation a
    where a.consent_id = c.id and c.id = $1 and a.bank = $2 and c.state = 'consumed' and c.execution = 'pending'
   returning c.id`,
);

/** The bank's report on a consumed payment. No row unless the execution was pending. */
export async function recordExecution(
  tx: Tx,
  consentId: ConsentId,
  bank: ClientId,
  report: { readonly execution: 'executed' | 'failed'; readonly reason: string | undefined },
  now: Date,
): Promise<boolean> {
  const recorded = await maybeRow(
    tx,
    RECORD_EXECUTION,
    [consentId, bank, report.execution, report.reason ?? null, now],
    () => true,
  );
  return recorded ?? false;
}
