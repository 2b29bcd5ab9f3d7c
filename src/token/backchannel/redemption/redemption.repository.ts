import { issueOnce } from '../../../client-auth/access-tokens.ts';
import { bindingColumns, type TokenBinding } from '../../../client-auth/token-binding.ts';
import type { StoredGrant } from '../../../consent/consent.ts';
import { subjectOf } from '../../../consent/consents.ts';
import { parseGrant } from '../../../consent/grant-row.ts';
import { maybeRow, type Scope } from '../../../database/database.ts';
import { bool, instant, optionalText, type Row } from '../../../database/rows.ts';
import { statement } from '../../../database/statement.ts';
import { REQUEST_OBJECT } from '../../../evidence/request-objects.ts';
import type { ClientId, ConsentId } from '../../../kernel/ids.ts';

/** What a client must present with an auth_req_id, all of it compared in the statement, and the token that it gets. */
export interface RequestRedemption {
  readonly authReqIdHash: Buffer;
  /** Which the opened request was for. */
  readonly consentId: ConsentId;
  /** The client's signed request, sealed for the evidence. */
  readonly requestObjectSealed: Buffer;
  readonly clientId: ClientId;
  /** A request is redeemed only if its authorisation can be read: a missing key must not cost the client its token. */
  readonly lookupKeyIds: readonly string[];
  readonly tokenHash: Buffer;
  readonly binding: TokenBinding;
  readonly tokenExpiresAt: Date;
  /** End of the time to consume, which begins now. */
  readonly consumeBy: Date;
  readonly now: Date;
  /** `token.issued`, as text. */
  readonly event: string;
}

/** The grant of a redeemed request, from the rows. */
export interface RedeemedRequest extends StoredGrant {
  readonly tokenExpiresAt: Date;
  readonly isOpenId: boolean;
  readonly nonce: string | undefined;
}

/** Why nothing was redeemed: another call was first, the consent is not authorised any more, or a look-up key is missing. */
export type RequestRefused = 'request' | 'consent' | 'key';

/** A request that is bound to a key or a certificate is redeemed with nothing else. */
const FITS = `num_nonnulls(r.redeemed_at, r.refused_at) = 0 and r.client_id = $2::text and r.consent_id = $11::uuid
  and (num_nonnulls(r.jkt, r.x5t) = 0 or r.jkt = $5::text or r.x5t = $6::text)`;

/** The MAC of the authorisation `a` is whole and names a key that we lack. One that is not whole differs, and is not asked for its key. */
const KEY_MISSING = `case when octet_length(a.payment_mac) > 33
       then get_byte(a.payment_mac, 0) = octet_length(a.payment_mac) - 33 and a.lookup_key_id <> all ($3::text[])
       else false end`;

/**
 * The redemption is one statement. It writes backchannel_request, consent, access_token, evidence_attachment and audit_event. Of all
 * who try at the same time one gets the consent: it is locked before the request, as everywhere. There is no browser that returns, so
 * the time to consume begins here; a ping that was not sent yet is not needed any more. The client's signed request joins the
 * evidence. What is answered of the payment comes from the authorisation, never from what was requested.
 */
const REDEEM_REQUEST = statement(
  'token.redeemBackchannelRequest',
  `with locked_consent as (
     select c.id, c.state = 'authorised' and c.expires_at > $9::timestamptz as alive, ${FITS} as fits,
            (select ${KEY_MISSING} from authorisation a where a.consent_id = c.id) as key_missing
       from backchannel_request r join consent c on c.id = r.consent_id
      where r.auth_req_id_hash = $1
        for no key update of c),
   redeemed_request as (
     update backchannel_request r set redeemed_at = $9::timestamptz, ping_sealed = null, ping_due_at = null
       from locked_consent c
      where c.alive and c.key_missing is not true and r.consent_id = c.id and r.auth_req_id_hash = $1 and ${FITS}
     returning r.consent_id, r.scope, r.nonce),
   bound_consent as (
     update consent c
        set returned_at = $9::timestamptz, expires_at = $8::timestamptz,
            live_token_hash = $4, live_token_expires_at = least($7::timestamptz, $8::timestamptz)
       from redeemed_request r join authorisation a on a.consent_id = r.consent_id
      where c.id = r.consent_id and c.state = 'authorised' and c.expires_at > $9::timestamptz
     returning c.id, c.expires_at, c.live_token_expires_at, ${subjectOf('c')} as subject, a.client_id, a.bank, a.environment,
               a.initiation, a.payment_mac, a.evidence_id, a.evidence_digest, a.payer_subject, a.signed_at, a.authorised_at,
               r.scope, r.nonce),
   new_token as (
     insert into access_token (token_hash, kind, client_id, bank, scope, consent_id, jkt, x5t, issued_at, expires_at)
     select $4::bytea, 'consent', client_id, bank, null, id, $5::text, $6::text, $9::timestamptz, live_token_expires_at
       from bound_consent),
   new_attachment as (
     insert into evidence_attachment (id, evidence_id, kind, sealed, stored_at)
     select gen_random_uuid(), evidence_id, '${REQUEST_OBJECT}', $12::bytea, $9::timestamptz from bound_consent),
   new_event as (insert into audit_event (subject, event) select subject, $10::text from bound_consent)
   select b.id is not null as bound, coalesce(l.fits and not l.alive, false) as consent_ended,
          coalesce(l.fits and l.alive and l.key_missing, false) as key_missing, b.id, b.client_id, b.bank, b.environment,
          b.initiation, b.payment_mac, b.expires_at, b.evidence_id, b.evidence_digest, b.payer_subject, b.signed_at,
          b.authorised_at, b.live_token_expires_at, b.scope, b.nonce
     from (values (1)) as always (once) left join locked_consent l on true left join bound_consent b on true`,
);

/** Redeems a request for the one token of its consent, all of it or nothing. */
export async function redeemRequest(
  scope: Scope,
  redemption: RequestRedemption,
): Promise<RedeemedRequest | RequestRefused> {
  const values = [
    redemption.authReqIdHash,
    redemption.clientId,
    redemption.lookupKeyIds,
    redemption.tokenHash,
    ...bindingColumns(redemption.binding),
    redemption.tokenExpiresAt,
    redemption.consumeBy,
    redemption.now,
    redemption.event,
    redemption.consentId,
    redemption.requestObjectSealed,
  ];
  return (await issueOnce(() => maybeRow(scope, REDEEM_REQUEST, values, parseRedeemed), 'request')) ?? 'request';
}

function parseRedeemed(row: Row): RedeemedRequest | RequestRefused {
  if (bool(row, 'key_missing')) return 'key';
  if (!bool(row, 'bound')) return bool(row, 'consent_ended') ? 'consent' : 'request';
  return {
    ...parseGrant(row),
    tokenExpiresAt: instant(row, 'live_token_expires_at'),
    isOpenId: optionalText(row, 'scope') !== undefined,
    nonce: optionalText(row, 'nonce'),
  };
}
