import { createHash } from 'node:crypto';
import { PURPOSE } from '../../../src/consent/consent.ts';
import { newEvidenceId, newOrderId, type ConsentId, type EvidenceId, type OrderId } from '../../../src/kernel/ids.ts';
import { consentSubject } from '../../../src/kernel/subject.ts';
import { execute, type Tx } from '../../../src/database/database.ts';
import { unlisted } from '../database/database.ts';

export interface AcceptedEvidence {
  readonly orderId: OrderId;
  readonly evidenceId: EvidenceId;
  readonly evidenceDigest: Buffer;
}

interface SignedConsent {
  readonly consentId: ConsentId;
  readonly bank: string;
  readonly clientId: string;
}

/** The digest of the evidence that {@link insertAcceptedEvidence} gives a consent. */
export function evidenceDigestOf(consentId: string): Buffer {
  return createHash('sha256').update(consentId).digest();
}

/** A settled order and its accepted evidence, without which there is no authorisation. What they hold is not BankID's, and opens nothing. */
export async function insertAcceptedEvidence(tx: Tx, signed: SignedConsent, at: Date): Promise<AcceptedEvidence> {
  const { consentId, bank, clientId } = signed;
  const accepted = {
    orderId: newOrderId(),
    evidenceId: newEvidenceId(),
    evidenceDigest: evidenceDigestOf(consentId),
  };
  const subject = consentSubject(bank, consentId);
  await execute(
    tx,
    unlisted(`
      insert into sign_order (id, purpose, order_group, subject, state, device, platform, relying_party_name, request_sealed,
                              order_ref, start_sealed, answer_status, outcome, requested_at, pressed_at, started_at, answered_at,
                              settled_at)
      values ($1, $2, $3, $4, 'settled', 'this', 'ios', 'test', '', $1::uuid::text, '', 'complete', 'authorised', $5, $5, $5, $5, $5)`),
    [accepted.orderId, PURPOSE, consentId, subject, at],
  );
  await execute(
    tx,
    unlisted(`
      insert into evidence (id, kind, subject, consent_id, bank, client_id, order_id, environment, indication, digest, sealed,
                            signed_at, received_at, stored_at, retention_ends_at)
      values ($1, 'accepted', $2, $3, $4, $5, $6, 'sandbox', 'TOTAL-PASSED', $7, '', $8, $8, $8, $8::timestamptz + interval '10 years')`),
    [accepted.evidenceId, subject, consentId, bank, clientId, accepted.orderId, accepted.evidenceDigest, at],
  );
  return accepted;
}
