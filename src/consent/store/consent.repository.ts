import type { ClientId, ConsentId, InteractionId } from '../../kernel/ids.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { LATEST_ORDER_COLUMNS, latestOrderOf, parseProgress } from '../../bankid-sign/order-group.repository.ts';
import type { Progress } from '../../bankid-sign/sign-order.ts';
import { accountToJson, parseSignedAccount } from '../../payment/account.ts';
import { parseSignedVerification } from '../../payment/creditor-name-verification.ts';
import { maybeRow, type Scope } from '../../database/database.ts';
import {
  bool,
  bytes,
  instant,
  int,
  jsonObject,
  optionalBytes,
  optionalInstant,
  optionalText,
  text,
  type Row,
} from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import { channelOf } from './channel-columns.ts';
import type { Consent, ConsentState, EndReason, Execution, StoredConsent, StoredPayment } from '../consent.ts';
import { parseSignedPayment } from '../grant-row.ts';

/** Of {@link CONSENT_TABLES}, for {@link parseStored}. */
export const CONSENT_COLUMNS = `c.id, c.bank, c.client_id, c.interaction_id, c.way, c.call_initiator, c.state, c.reason, c.bank_name, c.tpp_name, c.authorisation_number,
    c.initiation, c.creditor_name_verification, c.bound_payer_hash is not null as bound, c.failed_attempts, c.created_at, c.expires_at, c.authorised_at,
    c.ended_at, c.payment_reference, c.debtor_account, c.execution, c.execution_reason,
    exists (select from signing_attempt s where s.consent_id = c.id) as signing_begun,
    a.evidence_id, a.environment, a.bank as signed_bank, a.client_id as signed_client_id, a.initiation as signed_initiation,
    a.evidence_digest, a.payer_subject, a.signed_at, a.payment_mac`;

export const CONSENT_TABLES = 'consent c left join authorisation a on a.consent_id = c.id';

/** Not of those that were erased: nothing is left of them that a page or a party could be shown. */
const SELECT = `select ${CONSENT_COLUMNS} from ${CONSENT_TABLES} where c.initiation is not null and`;

const FIND_CONSENT = statement('consent.findConsent', `${SELECT} c.id = $1`);

/** The consent according to its rows; undefined if there is none. */
export async function findConsent(scope: Scope, consentId: ConsentId): Promise<StoredConsent | undefined> {
  return maybeRow(scope, FIND_CONSENT, [consentId], parseStored);
}

/** What settling an order needs of its consent. */
export interface FoundForSettlement {
  readonly stored: StoredConsent;
  readonly loginHintSealed: Buffer | undefined;
  /** How often the payer has pressed. */
  readonly attempts: number;
  /** Whether the browser came back with the nonce of this attempt. */
  readonly nonceReturned: boolean;
}

const FIND_FOR_SETTLEMENT = statement(
  'consent.findForSettlement',
  `select ${CONSENT_COLUMNS}, c.login_hint_sealed, attempts.*
     from ${CONSENT_TABLES}
    cross join lateral (select count(*) as attempts, coalesce(bool_or(s.id = $2 and s.returned_at is not null), false) as returned
                          from signing_attempt s where s.consent_id = c.id) attempts
    where c.id = $1 and c.initiation is not null`,
);

export async function findForSettlement(
  scope: Scope,
  { consentId, attemptId }: { readonly consentId: ConsentId; readonly attemptId: string },
): Promise<FoundForSettlement | undefined> {
  return maybeRow(scope, FIND_FOR_SETTLEMENT, [consentId, attemptId], (row) => ({
    stored: parseStored(row),
    loginHintSealed: optionalBytes(row, 'login_hint_sealed'),
    attempts: int(row, 'attempts'),
    nonceReturned: bool(row, 'returned'),
  }));
}

const FIND_PUSHED_BANK = statement('consent.findPushedBank', 'select bank from consent where id = $1');

/** The bank in the consent's own row, which is part of the subject of its data key and its events. */
export async function findPushedBank(scope: Scope, consentId: ConsentId): Promise<ClientId | undefined> {
  return maybeRow(scope, FIND_PUSHED_BANK, [consentId], (row) => text(row, 'bank') as ClientId);
}

const FIND_CONSENT_OF = statement(
  'consent.findConsentOf',
  `${SELECT} c.id = $1 and (coalesce(a.client_id, c.client_id) = $2 or coalesce(a.bank, c.bank) = $3)`,
);

/** The consent of a party: its TPP or its bank, as signed if it is authorised. */
export async function findConsentOf(
  scope: Scope,
  consentId: ConsentId,
  party: { readonly clientId?: ClientId; readonly bank?: ClientId },
): Promise<StoredConsent | undefined> {
  return maybeRow(scope, FIND_CONSENT_OF, [consentId, party.clientId ?? null, party.bank ?? null], parseStored);
}

const FIND_UNBOUND = statement(
  'consent.findUnbound',
  `${SELECT} c.interaction_id = $1 and c.way = 'browser' and c.browser_cookie_hash is null`,
);

/** Only while the interaction is unbound: after that, other browsers see nothing of it. */
export async function findUnbound(scope: Scope, interactionId: InteractionId): Promise<StoredConsent | undefined> {
  return maybeRow(scope, FIND_UNBOUND, [interactionId], parseStored);
}

const FIND_IN_BROWSER = statement(
  'consent.findInBrowser',
  `${SELECT} c.interaction_id = $1 and c.way = 'browser' and c.browser_cookie_hash = $2`,
);

/** Only in the browser to which the interaction is bound. */
export async function findInBrowser(
  scope: Scope,
  interactionId: InteractionId,
  cookieHash: Buffer,
): Promise<StoredConsent | undefined> {
  return maybeRow(scope, FIND_IN_BROWSER, [interactionId, cookieHash], parseStored);
}

const FIND_WATCHED = statement(
  'consent.findWatched',
  `select ${CONSENT_COLUMNS}, ${LATEST_ORDER_COLUMNS}
     from ${CONSENT_TABLES} left join ${latestOrderOf('c.id::text')} on true
    where c.initiation is not null and c.interaction_id = $1 and c.way = 'browser' and c.browser_cookie_hash = $2`,
);

/** As {@link findInBrowser}, with how far its latest order had come at that moment. */
export async function findWatched(
  scope: Scope,
  interactionId: InteractionId,
  cookieHash: Buffer,
): Promise<{ readonly stored: StoredConsent; readonly progress: Progress | undefined } | undefined> {
  return maybeRow(scope, FIND_WATCHED, [interactionId, cookieHash], (row) => ({
    stored: parseStored(row),
    progress: parseProgress(row),
  }));
}

const FIND_LOGIN_HINT = statement(
  'consent.findLoginHint',
  'select login_hint_sealed from consent where id = $1 and login_hint_sealed is not null',
);

export async function findLoginHint(scope: Scope, consentId: ConsentId): Promise<Buffer | undefined> {
  return maybeRow(scope, FIND_LOGIN_HINT, [consentId], (row) => bytes(row, 'login_hint_sealed'));
}

export function parseStored(row: Row): StoredConsent {
  return {
    consentId: text(row, 'id') as ConsentId,
    bank: text(row, 'bank') as ClientId,
    bankName: text(row, 'bank_name'),
    clientId: text(row, 'client_id') as ClientId,
    interactionId: text(row, 'interaction_id') as InteractionId,
    channel: channelOf(row),
    state: text(row, 'state') as ConsentState,
    reason: optionalText(row, 'reason') as EndReason | undefined,
    tpp: { name: text(row, 'tpp_name'), authorisationNumber: text(row, 'authorisation_number') },
    pushed: jsonObject(row, 'initiation'),
    creditorNameVerification:
      row['creditor_name_verification'] === null
        ? undefined
        : parseSignedVerification(row['creditor_name_verification'], ''),
    signed: row['payment_mac'] === null ? undefined : parseSigned(row),
    payer: bool(row, 'bound') ? 'bound' : 'unbound',
    failedAttempts: int(row, 'failed_attempts'),
    createdAt: instant(row, 'created_at'),
    expiresAt: instant(row, 'expires_at'),
    authorisedAt: optionalInstant(row, 'authorised_at'),
    endedAt: optionalInstant(row, 'ended_at'),
    paymentReference: optionalText(row, 'payment_reference'),
    debtorAccount: row['debtor_account'] === null ? undefined : parseSignedAccount(row['debtor_account'], ''),
    execution: optionalText(row, 'execution') as Execution | undefined,
    executionReason: optionalText(row, 'execution_reason'),
    signingBegun: bool(row, 'signing_begun'),
  };
}

function parseSigned(row: Row): StoredPayment {
  const { signed_bank: bank, signed_client_id: client_id, signed_initiation: initiation } = row;
  return parseSignedPayment({ ...row, bank, client_id, initiation });
}

export function accountColumn(account: Consent['debtorAccount']): string | null {
  const json: JsonObject | undefined = account && accountToJson(account);
  return json ? JSON.stringify(json) : null;
}
