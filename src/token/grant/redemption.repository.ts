import { happened, type EventParams } from '../../audit/audit-trail.ts';
import type { StoredGrant } from '../../consent/consent.ts';
import { bound, type BoundParams } from '../../consent/consents.ts';
import { parseGrant } from '../../consent/grant-row.ts';
import { attached } from '../../evidence/request-objects.ts';
import { compose, step } from '../../platform/composition.ts';
import type { Scope } from '../../platform/database.ts';
import { bool, instant, optionalText, type Row } from '../../platform/rows.ts';
import { issued, type IssuedParams } from '../../tpp/access-tokens.ts';
import { NEW_PROOFS, parseNewProofs, proven, used, type BurnParams } from '../../tpp/replay.ts';

/** What must be shown for a code, all of it compared in the redemption itself. */
export interface RedemptionParams extends BurnParams, BoundParams, IssuedParams, EventParams {
  readonly code_hash: Buffer;
  readonly client_id: string;
  readonly redirect_uri: string;
  readonly code_challenge: string;
  /** A code is used only where its authorisation can be read: a key that is missing must not cost the TPP its code. */
  readonly lookup_key_ids: readonly string[];
}

/** What a code was redeemed for, as the rows say it. */
export interface Redeemed extends StoredGrant {
  readonly tokenExpiresAt: Date;
  readonly isOpenId: boolean;
  readonly nonce: string | undefined;
}

/** Why nothing was redeemed: the code; the consent, which is no longer authorised; or a lookup key that we lack. */
export type Refused = 'code' | 'consent' | 'key';

/** A code that is bound to a DPoP key is not redeemed with a certificate. */
const FITS = `r.code_used_at is null and r.code_expires_at > $now and r.client_id = $client_id and r.redirect_uri = $redirect_uri
  and r.code_challenge = $code_challenge and (r.dpop_jkt is null or r.dpop_jkt = $token_jkt::text)`;

/** The MAC of the authorisation `a` is whole and names a key that we lack. One that is not whole differs, and is not asked for its key. */
const KEY_MISSING = `case when octet_length(a.payment_mac) > 33
       then get_byte(a.payment_mac, 0) = octet_length(a.payment_mac) - 33 and a.lookup_key_id <> all ($lookup_key_ids::text[])
       else false end`;

/**
 * The consent of the code, as it is now and stays until the end of the statement. It is locked before the request, as on the way
 * back, so that a reload during the redemption waits and is not a deadlock.
 */
const held = step<Omit<RedemptionParams, keyof BurnParams>>(
  'held',
  `select c.id, c.state = 'authorised' and c.expires_at > $now::timestamptz as alive, ${FITS} as fits,
          (select ${KEY_MISSING} from authorisation a where a.consent_id = c.id) as key_missing
     from proven, authorization_request r join consent c on c.id = r.consent_id
    where r.code_hash = $code_hash
      for no key update of c`,
);

/** Redeems a code, once: of all who try at the same time one gets the consent. */
const redeemed = step<Omit<RedemptionParams, keyof BurnParams>>(
  'redeemed',
  `update authorization_request r set code_used_at = $now
     from held h
    where h.alive and h.key_missing is not true and r.consent_id = h.id and r.code_hash = $code_hash and ${FITS}
   returning r.consent_id, r.scope, r.nonce, r.request_object_sealed`,
);

/** The TPP's signed request joins the evidence with the redemption. */
const proof = step<object>(
  'proof',
  `select b.evidence_id, r.request_object_sealed as sealed
     from bound b join redeemed r on r.consent_id = b.id where r.request_object_sealed is not null`,
);

const redemption = compose(
  [used, proven, held, redeemed, bound('redeemed'), issued('bound'), proof, attached('proof'), happened('bound')],
  `select ${NEW_PROOFS}, b.id is not null as bound, coalesce(h.fits and not h.alive, false) as consent_ended,
          coalesce(h.fits and h.alive and h.key_missing, false) as key_missing, b.id, b.client_id,
          b.bank, b.environment, b.initiation, b.payment_mac, b.expires_at, b.evidence_id, b.evidence_digest, b.payer_subject,
          b.signed_at, b.authorised_at, b.live_token_expires_at, r.scope, r.nonce
     from (values (1)) as always (once) left join held h on true left join redeemed r on true left join bound b on true`,
);

/** Redeems a code for the one token of its consent, all of it or nothing. */
export function redeemCode(
  scope: Scope,
  params: RedemptionParams,
): Promise<{ readonly fresh: readonly Buffer[] | undefined; readonly redeemed: Redeemed | Refused }> {
  return redemption.run(scope, params, (row) => ({ fresh: parseNewProofs(row), redeemed: parseRedeemed(row) }));
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
