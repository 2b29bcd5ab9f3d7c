import type { ConsentId, EvidenceId, InteractionId, OrderId } from '../../kernel/ids.ts';
import { execute, maybeRow, type Tx } from '../../platform/database.ts';
import { instant } from '../../platform/rows.ts';
import type { Grant } from '../consent.ts';
import { parseGrant } from '../grant-row.ts';

export interface NewAuthorisation {
  readonly consentId: ConsentId;
  readonly evidenceId: EvidenceId;
  readonly evidenceDigest: Buffer;
  readonly orderId: OrderId;
  readonly payerSealed: Buffer;
  readonly payerHash: Buffer;
  readonly payerSubject: string;
  readonly signedAt: Date;
  readonly authorisedAt: Date;
}

export async function insertAuthorisation(tx: Tx, row: NewAuthorisation): Promise<void> {
  await execute(
    tx,
    `insert into authorisation (consent_id, evidence_id, evidence_digest, order_id, payer_sealed, payer_hash, payer_subject,
                                signed_at, authorised_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      row.consentId,
      row.evidenceId,
      row.evidenceDigest,
      row.orderId,
      row.payerSealed,
      row.payerHash,
      row.payerSubject,
      row.signedAt,
      row.authorisedAt,
    ],
  );
}

const grantColumns = `c.id, c.client_id, c.bank, c.initiation, c.expires_at, a.evidence_id, a.evidence_digest, a.payer_subject,
  a.signed_at, a.authorised_at`;

/** The browser is back: the time to consume begins, once. Nothing unless it is the bound browser and the consent authorised. */
export async function takeGrant(
  tx: Tx,
  interactionId: InteractionId,
  cookieHash: Buffer,
  times: { readonly now: Date; readonly consumeBy: Date },
): Promise<Grant | undefined> {
  return maybeRow(
    tx,
    `update consent c set returned_at = coalesce(c.returned_at, $3),
            expires_at = case when c.returned_at is null then $4 else c.expires_at end
       from authorisation a
      where a.consent_id = c.id and c.interaction_id = $1 and c.browser_cookie_hash = $2
        and c.state = 'authorised' and c.expires_at > $3
     returning ${grantColumns}`,
    [interactionId, cookieHash, times.now, times.consumeBy],
    parseGrant,
  );
}

/** Makes this the one live token of the consent; it never outlives the time to consume. */
export async function bindLiveToken(
  tx: Tx,
  consentId: ConsentId,
  tokenHash: Buffer,
  times: { readonly now: Date; readonly expiresAt: Date },
): Promise<(Grant & { readonly tokenExpiresAt: Date }) | undefined> {
  return maybeRow(
    tx,
    `update consent c set live_token_hash = $2, live_token_expires_at = least($4, c.expires_at)
       from authorisation a
      where a.consent_id = c.id and c.id = $1 and c.state = 'authorised' and c.expires_at > $3
     returning ${grantColumns}, c.live_token_expires_at`,
    [consentId, tokenHash, times.now, times.expiresAt],
    (row) => ({ ...parseGrant(row), tokenExpiresAt: instant(row, 'live_token_expires_at') }),
  );
}
