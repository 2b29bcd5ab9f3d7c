import type { OrderId } from '../../kernel/ids.ts';
import { execute, type Tx } from '../../database/database.ts';
import type { StoredPayment } from '../consent.ts';
import { statement } from '../../database/statement.ts';

/** A row, written only by transaction B. */
export interface NewAuthorisation extends StoredPayment {
  readonly orderId: OrderId;
  readonly payerMac: Buffer;
  readonly payerSealed: Buffer;
  readonly authorisedAt: Date;
}

const INSERT_AUTHORISATION = statement(
  'consent.insertAuthorisation',
  `insert into authorisation (consent_id, evidence_id, evidence_digest, order_id, environment, bank, client_id, initiation,
                                payment_mac, payer_mac, payer_sealed, payer_subject, signed_at, authorised_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
);

export async function insertAuthorisation(tx: Tx, row: NewAuthorisation): Promise<void> {
  await execute(tx, INSERT_AUTHORISATION, [
    row.consentId,
    row.evidenceId,
    row.evidenceDigest,
    row.orderId,
    row.environment,
    row.bank,
    row.clientId,
    row.initiationText,
    row.paymentMac,
    row.payerMac,
    row.payerSealed,
    row.subject,
    row.signedAt,
    row.authorisedAt,
  ]);
}

/** `consentSubject` (kernel) in SQL, for a row with the columns of a consent. */
export function subjectOf(row: string): string {
  return `'consent:' || ${row}.bank || ':' || ${row}.id`;
}
