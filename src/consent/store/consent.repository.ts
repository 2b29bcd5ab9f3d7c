import type { ClientId, ConsentId, InteractionId } from '../../kernel/ids.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { accountToJson, parseSignedAccount } from '../../payment/account.ts';
import { parseSignedInitiation } from '../../payment/initiation.ts';
import { maybeRow, type Scope, type Tx } from '../../platform/database.ts';
import {
  bool,
  bytes,
  instant,
  int,
  jsonObject,
  optionalInstant,
  optionalText,
  text,
  type Row,
} from '../../platform/rows.ts';
import type { Consent, ConsentState, EndReason, Execution } from '../consent.ts';

const columns = `id, bank, client_id, interaction_id, state, reason, tpp_name, authorisation_number, initiation,
  bound_payer_hash is not null as bound, failed_attempts, created_at, expires_at, authorised_at, ended_at, payment_reference,
  debtor_account, execution, execution_reason,
  exists (select from signing_attempt s where s.consent_id = consent.id) as signing_begun`;

export async function findConsent(scope: Scope, consentId: ConsentId): Promise<Consent | undefined> {
  return maybeRow(scope, `select ${columns} from consent where id = $1`, [consentId], parseConsent);
}

/** The consent as one party of it may see it: its TPP or its bank. */
export async function findConsentOf(
  scope: Scope,
  consentId: ConsentId,
  party: { readonly clientId?: ClientId; readonly bank?: ClientId },
): Promise<Consent | undefined> {
  return maybeRow(
    scope,
    `select ${columns} from consent where id = $1 and (client_id = $2 or bank = $3)`,
    [consentId, party.clientId ?? null, party.bank ?? null],
    parseConsent,
  );
}

/** Only while no browser has bound the interaction: from then on another one sees nothing of it. */
export async function findUnbound(scope: Scope, interactionId: InteractionId): Promise<Consent | undefined> {
  return maybeRow(
    scope,
    `select ${columns} from consent where interaction_id = $1 and browser_cookie_hash is null`,
    [interactionId],
    parseConsent,
  );
}

/** Only in the browser that the interaction is bound to. */
export async function findInBrowser(
  scope: Scope,
  interactionId: InteractionId,
  cookieHash: Buffer,
): Promise<Consent | undefined> {
  return maybeRow(
    scope,
    `select ${columns} from consent where interaction_id = $1 and browser_cookie_hash = $2`,
    [interactionId, cookieHash],
    parseConsent,
  );
}

/** What starting a signature needs besides the consent; the row stays locked until the transaction ends. */
export async function lockForSigning(
  tx: Tx,
  consentId: ConsentId,
  now: Date,
): Promise<{ readonly payerHash: Buffer; readonly loginHint: Buffer } | 'unbound' | undefined> {
  return maybeRow(
    tx,
    `select bound_payer_hash is not null as bound, bound_payer_hash, login_hint_sealed from consent
      where id = $1 and state = 'awaiting-authorisation' and expires_at > $2 for update`,
    [consentId, now],
    (row) =>
      bool(row, 'bound')
        ? { payerHash: bytes(row, 'bound_payer_hash'), loginHint: bytes(row, 'login_hint_sealed') }
        : 'unbound',
  );
}

export async function findLoginHint(scope: Scope, consentId: ConsentId): Promise<Buffer | undefined> {
  return maybeRow(
    scope,
    'select login_hint_sealed from consent where id = $1 and login_hint_sealed is not null',
    [consentId],
    (row) => bytes(row, 'login_hint_sealed'),
  );
}

export function parseConsent(row: Row): Consent {
  return {
    consentId: text(row, 'id') as ConsentId,
    bank: text(row, 'bank') as ClientId,
    clientId: text(row, 'client_id') as ClientId,
    interactionId: text(row, 'interaction_id') as InteractionId,
    state: text(row, 'state') as ConsentState,
    reason: optionalText(row, 'reason') as EndReason | undefined,
    tpp: { name: text(row, 'tpp_name'), authorisationNumber: text(row, 'authorisation_number') },
    initiation: parseSignedInitiation(jsonObject(row, 'initiation'), ''),
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

export function accountColumn(account: Consent['debtorAccount']): string | null {
  const json: JsonObject | undefined = account && accountToJson(account);
  return json ? JSON.stringify(json) : null;
}
