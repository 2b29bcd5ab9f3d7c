import type { ClientId, ConsentId, EvidenceId } from '../kernel/ids.ts';
import { bytes, instant, text, type Row } from '../database/rows.ts';
import type { StoredGrant, StoredPayment } from './consent.ts';

/** Reads a consent joined with its authorisation; the columns have their own names. */
export function parseGrant(row: Row): StoredGrant {
  return {
    ...parseSignedPayment(row),
    authorisedAt: instant(row, 'authorised_at'),
    expiresAt: instant(row, 'expires_at'),
  };
}

/** Reads what was signed from the columns of `authorisation` and the consent's id. */
export function parseSignedPayment(row: Row): StoredPayment {
  return {
    consentId: text(row, 'id') as ConsentId,
    evidenceId: text(row, 'evidence_id') as EvidenceId,
    environment: text(row, 'environment'),
    bank: text(row, 'bank') as ClientId,
    clientId: text(row, 'client_id') as ClientId,
    initiationText: text(row, 'initiation'),
    evidenceDigest: bytes(row, 'evidence_digest'),
    subject: text(row, 'payer_subject'),
    signedAt: instant(row, 'signed_at'),
    paymentMac: bytes(row, 'payment_mac'),
  };
}
