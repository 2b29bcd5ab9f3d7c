import { execute, type Tx } from '../../database/database.ts';
import { statement } from '../../database/statement.ts';
import { orReplayed, valuesOf, type NewSignatory } from './export-signatory.repository.ts';

const APPROVE_EXPORT_ORDER = statement(
  'compliance.approveExportOrder',
  `with approved as (
     update export_order set state = 'waiting', approval_sha256 = $7
      where export_id = $5 and bank = $10 and state = $11
     returning export_id),
   key as (
     insert into data_key (key_id, subject, kek_id, wrapped) select $1, $2, $3, $4 from approved)
   insert into export_signatory (export_id, part, issuer, token_sha256, signed_at, proof_sealed)
   select export_id, 'approver', $6, $7, $8, $9 from approved`,
);

/**
 * Lets an order go on, and stores who says so. It writes data_key, export_order and export_signatory.
 * @returns false if it did not await an approval
 * @throws DomainError `approval.replayed`
 */
export async function insertApprover(tx: Tx, bank: string, signatory: NewSignatory): Promise<boolean> {
  return (
    (await orReplayed(execute(tx, APPROVE_EXPORT_ORDER, [...valuesOf(signatory), bank, 'awaiting-approval']))) === 1
  );
}
