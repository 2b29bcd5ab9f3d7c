import type { StoredPayment } from '../../consent/consent.ts';
import { parseSignedPayment } from '../../consent/grant-row.ts';
import type { ConsentId, EvidenceId } from '../../kernel/ids.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Period } from '../../audit/period.ts';
import { maybeRow, rows, type Scope } from '../../database/database.ts';
import {
  bytes,
  instant,
  jsonObject,
  optionalBytes,
  optionalInstant,
  optionalText,
  text,
  type Row,
} from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import { CONSENTS_OF_PERIOD } from './consents-of-period.repository.ts';

/** A consent's row: its push, its state and its end. */
export interface ConsentRow {
  readonly consentId: ConsentId;
  readonly bank: string;
  readonly bankName: string;
  readonly clientId: string;
  readonly way: string;
  readonly callInitiator: string | undefined;
  readonly tpp: { readonly name: string; readonly authorisationNumber: string };
  readonly initiation: JsonObject;
  readonly creditorNameVerification: JsonObject | undefined;
  readonly createdAt: Date;
  readonly boundPayerHash: Buffer | undefined;
  readonly loginHintSealed: Buffer | undefined;
  readonly state: string;
  readonly reason: string | undefined;
  readonly authorisedAt: Date | undefined;
  readonly endedAt: Date | undefined;
  readonly liveTokenHash: Buffer | undefined;
  readonly paymentReference: string | undefined;
  readonly paymentReferenceSalt: Buffer | undefined;
  readonly consumeRequestHash: Buffer | undefined;
  readonly consumeAnswer: JsonObject | undefined;
  readonly debtorAccount: JsonObject | undefined;
  readonly execution: string | undefined;
}

export interface AuthorisationRow extends StoredPayment {
  readonly orderId: string;
  readonly payerMac: Buffer;
  readonly payerSealed: Buffer;
  readonly authorisedAt: Date;
}

export interface ComparedConsent {
  readonly consent: ConsentRow;
  readonly authorisation: AuthorisationRow | undefined;
}

/** An access token that refers to the consent, or the other way round. */
export interface TokenRow {
  readonly hash: Buffer;
  readonly kind: string;
  readonly clientId: string;
  readonly bank: string | undefined;
  readonly consentId: string | undefined;
  readonly isRevoked: boolean;
}

/** The columns of an evidence that are not sealed. */
export interface EvidenceRow {
  readonly evidenceId: EvidenceId;
  readonly kind: string;
  readonly subject: string;
  readonly consentId: string;
  readonly bank: string;
  readonly clientId: string;
  readonly orderId: string;
  readonly environment: string;
  readonly digest: Buffer;
  readonly signedAt: Date | undefined;
  readonly receivedAt: Date;
}

/** Of consents that were erased, nothing is left to compare. */
const COMPARED = `select c.id, c.bank as pushed_bank, c.client_id as pushed_client_id, c.way, c.call_initiator, c.bank_name, c.tpp_name, c.authorisation_number,
    c.initiation as pushed, c.creditor_name_verification, c.created_at, c.bound_payer_hash, c.login_hint_sealed, c.state, c.reason,
    c.authorised_at as state_authorised_at, c.ended_at, c.live_token_hash, c.payment_reference, c.payment_reference_salt, c.consume_request_hash,
    c.consume_answer, c.debtor_account, c.execution,
    a.evidence_id, a.environment, a.bank, a.client_id, a.initiation, a.payment_mac, a.evidence_digest, a.order_id,
    a.payer_mac, a.payer_sealed, a.payer_subject, a.signed_at, a.authorised_at
  from consent c left join authorisation a on a.consent_id = c.id
  where not exists (select from erasure e where e.id = c.id)`;

const SELECT_COMPARED_CONSENTS = statement(
  'compliance.selectComparedConsents',
  `${COMPARED} and ($3::uuid is null or c.id > $3) and ${CONSENTS_OF_PERIOD} order by c.id limit $4`,
);

/** The next consents in the order of their ids. */
export async function selectComparedConsents(
  scope: Scope,
  { from, to }: Period,
  after: ConsentId | undefined,
  limit: number,
): Promise<ComparedConsent[]> {
  return rows(scope, SELECT_COMPARED_CONSENTS, [from, to, after ?? null, limit], parseCompared, 'each-time');
}

const FIND_COMPARED_CONSENT = statement('compliance.findComparedConsent', `${COMPARED} and c.id = $1`);

/** One consent with its authorisation; undefined if it has no row. */
export async function findComparedConsent(scope: Scope, consentId: ConsentId): Promise<ComparedConsent | undefined> {
  return maybeRow(scope, FIND_COMPARED_CONSENT, [consentId], parseCompared);
}

const SELECT_TOKENS_OF_CONSENT = statement(
  'compliance.selectTokensOfConsent',
  `select token_hash, kind, client_id, bank, consent_id, revoked_at is not null as revoked
     from access_token where (kind = 'consent' and consent_id = $1) or token_hash = $2`,
);

/** The tokens that name the consent, and the one that the consent names. */
export async function selectTokensOfConsent(scope: Scope, consent: ConsentRow): Promise<TokenRow[]> {
  return rows(scope, SELECT_TOKENS_OF_CONSENT, [consent.consentId, consent.liveTokenHash ?? null], (row) => ({
    hash: bytes(row, 'token_hash'),
    kind: text(row, 'kind'),
    clientId: text(row, 'client_id'),
    bank: optionalText(row, 'bank'),
    consentId: optionalText(row, 'consent_id'),
    isRevoked: row['revoked'] === true,
  }));
}

const SELECT_EVIDENCE_ROWS = statement(
  'compliance.selectEvidenceRows',
  `select id, kind, subject, consent_id, bank, client_id, order_id, environment, digest, signed_at, received_at
     from evidence where consent_id = $1 or id = $2`,
);

/** Evidence that names the consent, or that its authorisation names. */
export async function selectEvidenceRows(
  scope: Scope,
  consentId: ConsentId,
  authorisedBy: EvidenceId | undefined,
): Promise<EvidenceRow[]> {
  return rows(scope, SELECT_EVIDENCE_ROWS, [consentId, authorisedBy ?? null], (row) => ({
    evidenceId: text(row, 'id') as EvidenceId,
    kind: text(row, 'kind'),
    subject: text(row, 'subject'),
    consentId: text(row, 'consent_id'),
    bank: text(row, 'bank'),
    clientId: text(row, 'client_id'),
    orderId: text(row, 'order_id'),
    environment: text(row, 'environment'),
    digest: bytes(row, 'digest'),
    signedAt: optionalInstant(row, 'signed_at'),
    receivedAt: instant(row, 'received_at'),
  }));
}

function parseCompared(row: Row): ComparedConsent {
  return { consent: parseConsent(row), authorisation: parseAuthorisation(row) };
}

function parseConsent(row: Row): ConsentRow {
  return {
    consentId: text(row, 'id') as ConsentId,
    bank: text(row, 'pushed_bank'),
    bankName: text(row, 'bank_name'),
    clientId: text(row, 'pushed_client_id'),
    way: text(row, 'way'),
    callInitiator: optionalText(row, 'call_initiator'),
    tpp: { name: text(row, 'tpp_name'), authorisationNumber: text(row, 'authorisation_number') },
    // A null one was cleared by hand, and differs from what was signed.
    initiation: row['pushed'] === null ? {} : jsonObject(row, 'pushed'),
    creditorNameVerification:
      row['creditor_name_verification'] === null ? undefined : jsonObject(row, 'creditor_name_verification'),
    createdAt: instant(row, 'created_at'),
    boundPayerHash: optionalBytes(row, 'bound_payer_hash'),
    loginHintSealed: optionalBytes(row, 'login_hint_sealed'),
    state: text(row, 'state'),
    reason: optionalText(row, 'reason'),
    authorisedAt: optionalInstant(row, 'state_authorised_at'),
    endedAt: optionalInstant(row, 'ended_at'),
    liveTokenHash: optionalBytes(row, 'live_token_hash'),
    paymentReference: optionalText(row, 'payment_reference'),
    paymentReferenceSalt: optionalBytes(row, 'payment_reference_salt'),
    consumeRequestHash: optionalBytes(row, 'consume_request_hash'),
    consumeAnswer: row['consume_answer'] === null ? undefined : jsonObject(row, 'consume_answer'),
    debtorAccount: row['debtor_account'] === null ? undefined : jsonObject(row, 'debtor_account'),
    execution: optionalText(row, 'execution'),
  };
}

function parseAuthorisation(row: Row): AuthorisationRow | undefined {
  if (row['evidence_id'] === null) return undefined;
  return {
    ...parseSignedPayment(row),
    orderId: text(row, 'order_id'),
    payerMac: bytes(row, 'payer_mac'),
    payerSealed: bytes(row, 'payer_sealed'),
    authorisedAt: instant(row, 'authorised_at'),
  };
}
