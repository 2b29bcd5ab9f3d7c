import type { ClientId, ConsentId, EvidenceId } from '../kernel/ids.ts';
import { parseSignedInitiation } from '../payment/initiation.ts';
import { bytes, instant, jsonObject, text, type Row } from '../platform/rows.ts';
import type { Grant } from './consent.ts';

/** A consent joined with its authorisation, as a repository selects them: the columns have their own names. */
export function parseGrant(row: Row): Grant {
  return {
    consentId: text(row, 'id') as ConsentId,
    clientId: text(row, 'client_id') as ClientId,
    bank: text(row, 'bank') as ClientId,
    initiation: parseSignedInitiation(jsonObject(row, 'initiation'), ''),
    evidenceId: text(row, 'evidence_id') as EvidenceId,
    evidenceDigest: bytes(row, 'evidence_digest'),
    subject: text(row, 'payer_subject'),
    signedAt: instant(row, 'signed_at'),
    authorisedAt: instant(row, 'authorised_at'),
    expiresAt: instant(row, 'expires_at'),
  };
}
