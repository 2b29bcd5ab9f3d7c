/**
 * What `reverify` says when a column of a consumed consent was altered by hand: the column that it names, or that the evidence is
 * `damaged` or its verdict `changed`; or why it sees nothing. A new column without a row here fails the test.
 */
export type Reverified = { readonly names: string } | { readonly unseen: string };

const names = (column: string): Reverified => ({ names: column });
const unseen = (why: string): Reverified => ({ unseen: why });

const REQUEST = 'consent.consume_request_hash';
const TIME = 'a time that decides nothing once the consent has ended';

export const reverifiedColumns: Readonly<Record<string, Readonly<Record<string, Reverified>>>> = {
  consent: {
    id: unseen('another consent: the audit trail names the one that is gone'),
    bank: names('consent.bank'),
    client_id: names('consent.client_id'),
    interaction_id: unseen('a name for the browser, never signed'),
    state: names('consent.state'),
    reason: unseen('a consumed consent has none; with another end it is compared with the event'),
    bank_name: names('consent.bank_name'),
    tpp_name: names('consent.tpp_name'),
    authorisation_number: names('consent.authorisation_number'),
    initiation: names('consent.initiation'),
    creditor_name_verification: names('consent.creditor_name_verification'),
    bound_payer_hash: names('consent.bound_payer_hash'),
    login_hint_sealed: names('consent.login_hint_sealed'),
    browser_cookie_hash: unseen('which browser was bound: it decides nothing once the consent has ended'),
    failed_attempts: unseen('a count that decides nothing once the consent has ended'),
    created_at: names('consent.created_at'),
    expires_at: unseen(TIME),
    authorised_at: names('authorisation.authorised_at'),
    returned_at: unseen(TIME),
    ended_at: names('consent.ended_at'),
    live_token_hash: names(REQUEST),
    live_token_expires_at: unseen(TIME),
    payment_reference: names('consent.payment_reference'),
    consume_request_hash: names(REQUEST),
    consume_answer: names('consent.consume_answer'),
    debtor_account: names(REQUEST),
    execution: names('consent.execution'),
    execution_reason: unseen("the bank's own words on what it did afterwards"),
    execution_reported_at: unseen('when the bank said so; the event has its own time'),
  },
  authorisation: {
    consent_id: names('authorisation.consent_id'),
    evidence_id: names('authorisation.evidence_id'),
    evidence_digest: names('authorisation.evidence_digest'),
    order_id: names('authorisation.order_id'),
    payer_sealed: names('authorisation.payer_sealed'),
    payer_subject: names('authorisation.payer_subject'),
    signed_at: names('authorisation.signed_at'),
    authorised_at: names('authorisation.authorised_at'),
    environment: names('authorisation.environment'),
    bank: names('authorisation.bank'),
    client_id: names('authorisation.client_id'),
    initiation: names('authorisation.initiation'),
    payment_mac: names('authorisation.payment_mac'),
    payer_mac: names('authorisation.payer_mac'),
    lookup_key_id: unseen('generated from payment_mac'),
  },
  access_token: {
    token_hash: names('access_token.token_hash'),
    kind: names('access_token.kind'),
    client_id: names('access_token.client_id'),
    bank: names('access_token.bank'),
    scope: unseen('the token of a consent has none'),
    consent_id: names('access_token.consent_id'),
    jkt: unseen('the key of the TPP: it is not signed, and the token is used up'),
    x5t: unseen('the certificate of the TPP: it is not signed, and the token is used up'),
    issued_at: unseen(TIME),
    expires_at: unseen(TIME),
    revoked_at: names('access_token.revoked_at'),
  },
  evidence: {
    id: names('authorisation.evidence_id'),
    kind: names('evidence.kind'),
    subject: names('evidence.subject'),
    consent_id: names('evidence.consent_id'),
    bank: names('evidence.bank'),
    client_id: names('evidence.client_id'),
    order_id: names('evidence.order_id'),
    environment: names('evidence.environment'),
    root_sha256: names('damaged'),
    indication: names('changed'),
    sub_indication: names('changed'),
    digest: names('authorisation.evidence_digest'),
    sealed: names('damaged'),
    signed_at: names('evidence.signed_at'),
    received_at: names('evidence.received_at'),
    stored_at: unseen('when it was stored: outside of the period the evidence is not read, so verify the whole'),
    retention_ends_at: unseen('erasure before its time shows as an event of the eraser'),
  },
};
