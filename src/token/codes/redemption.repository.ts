import type { StoredGrant } from '../../consent/consent.ts';
import { subjectOf } from '../../consent/consents.ts';
import { parseGrant } from '../../consent/grant-row.ts';
import { REQUEST_OBJECT } from '../../evidence/request-objects.ts';
import { maybeRow, type Scope } from '../../database/database.ts';
import { bool, instant, optionalText, text, type Row } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import { issueOnce } from '../../client-auth/access-tokens.ts';
import { bindingColumns } from '../../client-auth/token-binding.ts';
import type { ConsentId } from '../../kernel/ids.ts';
import { CODE_FAULT, faultOf, faultValues, type CodeFault, type PresentedCode } from './code-fault.ts';

/** What a client must present with a code, all of it compared in the statement, and the token that it gets. */
export interface Redemption extends PresentedCode {
  /** A code is redeemed only if its authorisation can be read: a missing key must not cost the TPP its code. */
  readonly lookupKeyIds: readonly string[];
  readonly tokenHash: Buffer;
  readonly tokenExpiresAt: Date;
  /** `token.issued`, as text. */
  readonly event: string;
}

/** The grant of a redeemed code, from the rows. */
export interface Redeemed extends StoredGrant {
  readonly tokenExpiresAt: Date;
  readonly isOpenId: boolean;
  readonly nonce: string | undefined;
}

/** Why nothing was redeemed: the code is invalid, the consent is no longer authorised, or a look-up key is missing. */
export type Refused = 'code' | 'consent' | 'key';

/** A code that is bound to a DPoP key cannot be redeemed with a certificate. */
const FITS = `r.code_used_at is null and r.code_expires_at > $10::timestamptz and r.client_id = $2::text
  and r.redirect_uri = $3 and r.code_challenge = $4 and (r.dpop_jkt is null or r.dpop_jkt = $7::text)`;

/** The MAC of the authorisation `a` is whole and names a key that we lack. One that is not whole differs, and is not asked for its key. */
const KEY_MISSING = `case when octet_length(a.payment_mac) > 33
       then get_byte(a.payment_mac, 0) = octet_length(a.payment_mac) - 33 and a.lookup_key_id <> all ($5::text[])
       else false end`;

/**
 * The redemption is one statement. It writes authorization_request, consent, access_token, evidence_attachment and audit_event. Of
 * all who try at the same time one gets the consent: it is locked before the request, as on the way back, so that a reload during
 * the redemption waits and is not a deadlock. The token never outlives the time to consume, and the TPP's signed request joins the
 * evidence. What is answered of the payment comes from the authorisation, never from what was pushed.
 */
const REDEEM_CODE = statement(
  'token.redeemCode',
  `with locked_consent as (
     select c.id, c.state = 'authorised' and c.expires_at > $10::timestamptz as alive, ${FITS} as fits,
            (select ${KEY_MISSING} from authorisation a where a.consent_id = c.id) as key_missing
       from authorization_request r join consent c on c.id = r.consent_id
      where r.code_hash = $1
        for no key update of c),
   redeemed_code as (
     update authorization_request r set code_used_at = $10::timestamptz
       from locked_consent c
      where c.alive and c.key_missing is not true and r.consent_id = c.id and r.code_hash = $1 and ${FITS}
     returning r.consent_id, r.scope, r.nonce, r.request_object_sealed),
   bound_consent as (
     update consent c
        set live_token_hash = $6, live_token_expires_at = least($9::timestamptz, c.expires_at)
       from redeemed_code r join authorisation a on a.consent_id = r.consent_id
      where c.id = r.consent_id and c.state = 'authorised' and c.expires_at > $10::timestamptz
     returning c.id, c.expires_at, c.live_token_expires_at, ${subjectOf('c')} as subject, a.client_id, a.bank, a.environment,
               a.initiation, a.payment_mac, a.evidence_id, a.evidence_digest, a.payer_subject, a.signed_at, a.authorised_at,
               r.scope, r.nonce, r.request_object_sealed),
   new_token as (
     insert into access_token (token_hash, kind, client_id, bank, scope, consent_id, jkt, x5t, issued_at, expires_at)
     select $6::bytea, 'consent', client_id, bank, null, id, $7::text, $8::text, $10::timestamptz, live_token_expires_at
       from bound_consent),
   new_attachment as (
     insert into evidence_attachment (id, evidence_id, kind, sealed, stored_at)
     select gen_random_uuid(), evidence_id, '${REQUEST_OBJECT}', request_object_sealed, $10::timestamptz
       from bound_consent where request_object_sealed is not null),
   new_event as (insert into audit_event (subject, event) select subject, $11::text from bound_consent)
   select b.id is not null as bound, coalesce(l.fits and not l.alive, false) as consent_ended,
          coalesce(l.fits and l.alive and l.key_missing, false) as key_missing, b.id, b.client_id, b.bank, b.environment,
          b.initiation, b.payment_mac, b.expires_at, b.evidence_id, b.evidence_digest, b.payer_subject, b.signed_at,
          b.authorised_at, b.live_token_expires_at, b.scope, b.nonce
     from (values (1)) as always (once) left join locked_consent l on true left join bound_consent b on true`,
);

/** Redeems a code for the one token of its consent, all of it or nothing. */
export async function redeemCode(scope: Scope, redemption: Redemption): Promise<Redeemed | Refused> {
  const values = [
    redemption.codeHash,
    redemption.clientId,
    redemption.redirectUri,
    redemption.codeChallenge,
    redemption.lookupKeyIds,
    redemption.tokenHash,
    ...bindingColumns(redemption.binding),
    redemption.tokenExpiresAt,
    redemption.now,
    redemption.event,
  ];
  return (await issueOnce(() => maybeRow(scope, REDEEM_CODE, values, parseRedeemed), 'code')) ?? 'code';
}

function parseRedeemed(row: Row): Redeemed | Refused {
  if (bool(row, 'key_missing')) return 'key';
  if (!bool(row, 'bound')) return bool(row, 'consent_ended') ? 'consent' : 'code';
  return {
    ...parseGrant(row),
    tokenExpiresAt: instant(row, 'live_token_expires_at'),
    isOpenId: optionalText(row, 'scope') !== undefined,
    nonce: optionalText(row, 'nonce'),
  };
}

const FIND_CODE_FAULT = statement(
  'token.findCodeFault',
  `select consent_id, ${CODE_FAULT} as fault from authorization_request where code_hash = $1 and client_id = $2`,
);

/** What is wrong with a code of this client, and its consent; undefined for an unknown code, and for one of another client. */
export async function findCodeFault(
  scope: Scope,
  presented: PresentedCode,
): Promise<{ readonly consentId: ConsentId; readonly fault: CodeFault | undefined } | undefined> {
  return maybeRow(scope, FIND_CODE_FAULT, faultValues(presented), (row) => ({
    consentId: text(row, 'consent_id') as ConsentId,
    fault: faultOf(row),
  }));
}
