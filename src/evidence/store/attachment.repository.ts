import type { EvidenceId } from '../../kernel/ids.ts';
import { execute, type Tx } from '../../platform/database.ts';

interface Attachment {
  readonly id: string;
  readonly evidenceId: EvidenceId;
  readonly kind: string;
  readonly sealed: Buffer;
  readonly storedAt: Date;
}

export async function insertAttachment(tx: Tx, attachment: Attachment): Promise<void> {
  await execute(
    tx,
    'insert into evidence_attachment (id, evidence_id, kind, sealed, stored_at) values ($1, $2, $3, $4, $5)',
    [attachment.id, attachment.evidenceId, attachment.kind, attachment.sealed, attachment.storedAt],
  );
}
