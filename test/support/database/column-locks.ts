/**
 * What keeps a column from being changed in the database by hand, ordinary statements of the owner included.
 *
 * trigger   an update that names it is refused: `always`, once the consent has `ended`, or once it is `set`
 * grant     only the service's login is kept from it
 * none      an ordinary update of the owner changes it; `why` says what follows, and what does not
 */
export type ColumnLock =
  | { readonly lock: 'trigger'; readonly from: 'always' | 'ended' | 'set'; readonly why: string }
  | { readonly lock: 'grant' | 'none'; readonly why: string };

export type LockedTable =
  'consent' | 'authorisation' | 'authorization_request' | 'backchannel_request' | 'access_token' | 'signing_attempt';

const always = (why: string): ColumnLock => ({ lock: 'trigger', from: 'always', why });
const ended = (why: string): ColumnLock => ({ lock: 'trigger', from: 'ended', why });
const set = (why: string): ColumnLock => ({ lock: 'trigger', from: 'set', why });
const none = (why: string): ColumnLock => ({ lock: 'none', why });

const PUSHED = 'what was pushed';
const APPEND_ONLY = 'the table is append-only';
const MAC = 'the table is append-only, and payment_mac covers it: see what-was-signed.spec.ts';
const ISSUED = 'what was issued';
const BEGUN = 'what has begun';

/** Every column of the tables that decide who may consume what, and who may try to sign. */
export const columnLocks: Readonly<Record<LockedTable, Readonly<Record<string, ColumnLock>>>> = {
  consent: {
    id: always(PUSHED),
    bank: always(PUSHED),
    client_id: always(PUSHED),
    interaction_id: always(PUSHED),
    way: always(PUSHED),
    call_initiator: always(PUSHED),
    bank_name: always(PUSHED),
    tpp_name: always(PUSHED),
    authorisation_number: always(PUSHED),
    initiation: always(PUSHED),
    creditor_name_verification: always(PUSHED),
    bound_payer_hash: always(PUSHED),
    login_hint_sealed: always(PUSHED),
    created_at: always(PUSHED),
    state: ended('before the end it moves forward only (consent_moves), and never to authorised without evidence'),
    reason: ended('before the end there is none'),
    browser_cookie_hash: ended('before the end another browser could be bound: it can return, and sign nothing away'),
    failed_attempts: ended('before the end it only rises (consent_attempts_rise)'),
    expires_at: ended('before the end time can be lengthened: for the same payment, payer, bank and token'),
    authorised_at: ended('before the end it decides nothing: the authorisation has its own time'),
    returned_at: ended('before the end it decides only when the time to consume begins'),
    ended_at: ended('set, it stays set'),
    live_token_hash: ended('before the end another token can be named: its row must name this consent, bank and TPP'),
    live_token_expires_at: ended('before the end time can be lengthened, as with expires_at'),
    payment_reference: ended('written with the consumption'),
    payment_reference_salt: ended('written with the consumption'),
    consume_request_hash: ended('written with the consumption'),
    consume_answer: ended('written with the consumption'),
    debtor_account: ended('written with the consumption'),
    execution: ended('but pending becomes executed or failed, once'),
    execution_reason: ended('but once, with the execution'),
    execution_reported_at: ended('but once, with the execution'),
  },
  authorisation: {
    consent_id: always(MAC),
    evidence_id: always(MAC),
    evidence_digest: always(MAC),
    order_id: always(APPEND_ONLY),
    payer_sealed: always('the table is append-only, and the seal holds for this consent alone'),
    payer_subject: always(MAC),
    signed_at: always(MAC),
    authorised_at: always(APPEND_ONLY),
    environment: always(MAC),
    bank: always(MAC),
    client_id: always(MAC),
    initiation: always(MAC),
    payment_mac: always('the table is append-only, and the key of the MAC is not in the database'),
    payer_mac: always('the table is append-only, and the key of the MAC is not in the database'),
    lookup_key_id: always('generated from payment_mac'),
  },
  authorization_request: {
    interaction_id: always(PUSHED),
    consent_id: always(PUSHED),
    client_id: always(PUSHED),
    request_uri_hash: always(PUSHED),
    redirect_uri: always(PUSHED),
    state: always(PUSHED),
    code_challenge: always(PUSHED),
    dpop_jkt: always(PUSHED),
    pushed_at: always(PUSHED),
    expires_at: always(PUSHED),
    scope: always(PUSHED),
    nonce: always(PUSHED),
    request_object_sealed: always(PUSHED),
    request_object_jti_hash: always(PUSHED),
    used_at: none('an address used again leads to a page that changes nothing without the bound browser'),
    code_hash: set('a redeemed code; before, it still needs client, redirect URI, verifier and key of the push'),
    code_expires_at: none('a redeemed code stays redeemed, and the consent has its own time'),
    code_used_at: set('a redeemed code; before, setting it only refuses the code'),
    authorised_consent_id: none('a check makes it the consent of the row or null, and null contradicts the code'),
  },
  backchannel_request: {
    id: always(PUSHED),
    auth_req_id_hash: always(PUSHED),
    client_id: always(PUSHED),
    consent_id: always(PUSHED),
    login_id: always(PUSHED),
    way: always(PUSHED),
    jkt: always(PUSHED),
    x5t: always(PUSHED),
    scope: always(PUSHED),
    nonce: always(PUSHED),
    request_object_sealed: always(PUSHED),
    request_object_jti_hash: always(PUSHED),
    requested_at: always(PUSHED),
    expires_at: always(PUSHED),
    refused_at: set('a redeemed or refused request; before, setting it only ends the request'),
    redeemed_at: set('a redeemed or refused request; before, setting it only ends the request'),
    ping_sealed: always('it can be erased, and then the client is not notified and has to ask'),
    ping_tries: none('it decides only how often a ping is tried, and a check keeps it to five'),
    ping_due_at: none('it decides only when a ping is sent'),
    ping_lease: none('it decides only which instance records what became of a ping'),
  },
  access_token: {
    token_hash: always(ISSUED),
    kind: always(ISSUED),
    client_id: always(ISSUED),
    bank: always(ISSUED),
    scope: always(ISSUED),
    consent_id: always(ISSUED),
    login_id: always(ISSUED),
    jkt: always(ISSUED),
    x5t: always(ISSUED),
    issued_at: always(ISSUED),
    expires_at: always(ISSUED),
    revoked_at: set('a revocation; before, setting it only ends the token'),
  },
  signing_attempt: {
    id: always(BEGUN),
    consent_id: always(BEGUN),
    client_id: always(BEGUN),
    bound_payer_hash: always(BEGUN),
    return_nonce_hash: always(BEGUN),
    started_at: always(BEGUN),
    returned_at: set(
      'before, setting it tells the relay rule that the browser came back: the signature has its own checks',
    ),
    outcome: set('before, it can be ended wrongly: the press counts all the same'),
    ended_at: set('with the outcome'),
    failure: set('with the outcome'),
    reached_signing: set('with the outcome'),
    cancelled_at: set('with the outcome'),
  },
};

/** A value that every column of the type takes, and that none of the rows under test has. */
export const otherValues: Readonly<Record<string, string>> = {
  uuid: 'gen_random_uuid()',
  text: `'altered'`,
  int2: '4',
  int4: '4',
  bool: 'null',
  bytea: `'\\x00'::bytea`,
  jsonb: `'{"altered":true}'::jsonb`,
  timestamptz: `'2031-01-01T00:00:00Z'::timestamptz`,
  sha256_hash: `sha256('altered')`,
  nonempty_text: `'altered'`,
  environment: `'production'`,
  interaction_id: `'AAAAAAAAAAAAAAAAAAAAAA'`,
  backchannel_id: `'AAAAAAAAAAAAAAAAAAAAAA'`,
  backchannel_way: `'phone'`,
  base64url_256: `repeat('A', 43)`,
  token_kind: `'machine'`,
  consent_way: `'phone'`,
  call_initiator: `'RP'`,
  consent_state: `'authorised'`,
  consent_reason: `'bank'`,
  execution_state: `'failed'`,
  attempt_count: '4',
};
