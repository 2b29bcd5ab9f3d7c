import type { ClientId, ConsentId } from '../../kernel/ids.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { maybeRow, type Scope, type Tx } from '../../platform/database.ts';
import { bool, instant, jsonObject, optionalBytes, optionalText, text } from '../../platform/rows.ts';
import type { Consent, ConsentState } from '../consent.ts';
import { accountColumn } from './consent.repository.ts';

/** A consume call in the form in which the database compares it. */
export interface ConsumeConditions {
  readonly consentId: ConsentId;
  readonly bank: ClientId;
  readonly tokenHash: Buffer;
  /** Of the payment as the bank will execute it, and of the same without its debited account. */
  readonly paymentHash: Buffer;
  readonly paymentHashWithoutDebtor: Buffer;
  /** Under every lookup key there is. */
  readonly payerHashes: readonly Buffer[];
  readonly paymentReference: string;
  readonly requestHash: Buffer;
  /** Under every lookup key there is. */
  readonly requestHashes: readonly Buffer[];
  readonly debtorAccount: Consent['debtorAccount'];
  readonly answer: JsonObject;
  readonly now: Date;
}

const conditions = {
  payment: 'c.payment_hash = case when c.names_debtor_account then $5::bytea else $6::bytea end',
  payer: 'a.payer_hash = any($7::bytea[])',
  token: 'c.live_token_hash is not distinct from $3 and c.live_token_expires_at > $4',
};

/**
 * authorised → consumed, when everything is as the payer signed it. No row: somebody else was first, time was up, the
 * reference is taken, or it was another payment, payer, bank or token.
 */
export async function consume(tx: Tx, call: ConsumeConditions): Promise<JsonObject | undefined> {
  return maybeRow(
    tx,
    `update consent c set state = 'consumed', ended_at = $4, payment_reference = $8, consume_request_hash = $9,
            execution = 'pending', debtor_account = case when c.names_debtor_account then null else $10::jsonb end,
            consume_answer = $11::jsonb || jsonb_build_object('evidenceDigest',
              rtrim(translate(encode(a.evidence_digest, 'base64'), '+/', '-_'), '='))
       from authorisation a
      where a.consent_id = c.id and c.id = $1 and c.bank = $2 and c.state = 'authorised' and c.expires_at > $4
        and ${conditions.token} and ${conditions.payment} and ${conditions.payer}
        and not exists (select from consent o where o.bank = $2 and o.payment_reference = $8)
     returning c.consume_answer`,
    [
      call.consentId,
      call.bank,
      call.tokenHash,
      call.now,
      call.paymentHash,
      call.paymentHashWithoutDebtor,
      call.payerHashes,
      call.paymentReference,
      call.requestHash,
      accountColumn(call.debtorAccount),
      JSON.stringify(call.answer),
    ],
    (row) => jsonObject(row, 'consume_answer'),
  );
}

/** Why a consume call found no row to change. */
export interface Refusal {
  readonly state: ConsentState;
  readonly expiresAt: Date;
  readonly paymentReference: string | undefined;
  readonly requestHash: Buffer | undefined;
  readonly answer: JsonObject | undefined;
  readonly referenceUsedElsewhere: boolean;
  readonly paymentEqual: boolean;
  readonly payerEqual: boolean;
  readonly tokenEqual: boolean;
}

export async function readRefusal(scope: Scope, call: ConsumeConditions): Promise<Refusal | undefined> {
  return maybeRow(
    scope,
    `select c.state, c.expires_at, c.payment_reference, c.consume_request_hash, c.consume_answer,
            exists (select from consent o where o.bank = $2 and o.payment_reference = $8 and o.id <> c.id) as used_elsewhere,
            ${conditions.payment} as payment_equal,
            coalesce(${conditions.payer}, false) as payer_equal,
            coalesce(${conditions.token}, false) as token_equal
       from consent c left join authorisation a on a.consent_id = c.id
      where c.id = $1 and c.bank = $2`,
    [
      call.consentId,
      call.bank,
      call.tokenHash,
      call.now,
      call.paymentHash,
      call.paymentHashWithoutDebtor,
      call.payerHashes,
      call.paymentReference,
    ],
    (row) => ({
      state: text(row, 'state') as ConsentState,
      expiresAt: instant(row, 'expires_at'),
      paymentReference: optionalText(row, 'payment_reference'),
      requestHash: optionalBytes(row, 'consume_request_hash'),
      answer: row['consume_answer'] === null ? undefined : jsonObject(row, 'consume_answer'),
      referenceUsedElsewhere: bool(row, 'used_elsewhere'),
      paymentEqual: bool(row, 'payment_equal'),
      payerEqual: bool(row, 'payer_equal'),
      tokenEqual: bool(row, 'token_equal'),
    }),
  );
}

/** The bank's word on a consumed payment. Nothing unless the execution was pending. */
export async function recordExecution(
  tx: Tx,
  consentId: ConsentId,
  bank: ClientId,
  report: { readonly execution: 'executed' | 'failed'; readonly reason: string | undefined },
  now: Date,
): Promise<boolean> {
  const recorded = await maybeRow(
    tx,
    `update consent set execution = $3, execution_reason = $4, execution_reported_at = $5
      where id = $1 and bank = $2 and state = 'consumed' and execution = 'pending' returning id`,
    [consentId, bank, report.execution, report.reason ?? null, now],
    () => true,
  );
  return recorded ?? false;
}
