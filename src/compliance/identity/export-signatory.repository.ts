import { violatesUniqueIndex } from '../../database/database-errors.ts';
import { execute, maybeRow, type Scope, type Tx } from '../../database/database.ts';
import { bytes, instant, text } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { WrappedKey } from '../../vault/wrapped-key.ts';

export type SignatoryPart = 'requester' | 'approver';

/** A person's signature, sealed, and the data key under which it is. */
export interface NewSignatory extends StoredSignatory {
  readonly key: WrappedKey;
  readonly exportId: string;
}

export interface StoredSignatory {
  readonly issuer: string;
  readonly tokenSha256: Buffer;
  readonly signedAt: Date;
  readonly proofSealed: Buffer;
}

const INSERT_EXPORT_REQUESTER = statement(
  'compliance.insertExportRequester',
  `with key as (insert into data_key (key_id, subject, kek_id, wrapped) values ($1, $2, $3, $4))
   insert into export_signatory (export_id, part, issuer, token_sha256, signed_at, proof_sealed)
   values ($5, 'requester', $6, $7, $8, $9)`,
);

/** With the order. It writes data_key and export_signatory. @throws DomainError `approval.replayed` */
export async function insertRequester(tx: Tx, signatory: NewSignatory): Promise<void> {
  await orReplayed(execute(tx, INSERT_EXPORT_REQUESTER, valuesOf(signatory)));
}

export function valuesOf({
  key,
  exportId,
  issuer,
  tokenSha256,
  signedAt,
  proofSealed,
}: NewSignatory): readonly unknown[] {
  return [key.keyId, key.subject, key.kekId, key.wrapped, exportId, issuer, tokenSha256, signedAt, proofSealed];
}

/** @throws DomainError `approval.replayed` for a token that is stored already */
export async function orReplayed<T>(stored: Promise<T>): Promise<T> {
  try {
    return await stored;
  } catch (error) {
    if (violatesUniqueIndex(error, 'export_signatory_token')) throw new DomainError('approval.replayed');
    throw error;
  }
}

const FIND_EXPORT_SIGNATORY = statement(
  'compliance.findExportSignatory',
  'select issuer, token_sha256, signed_at, proof_sealed from export_signatory where export_id = $1 and part = $2',
);

export async function findSignatory(
  scope: Scope,
  exportId: string,
  part: SignatoryPart,
): Promise<StoredSignatory | undefined> {
  return maybeRow(scope, FIND_EXPORT_SIGNATORY, [exportId, part], (row) => ({
    issuer: text(row, 'issuer'),
    tokenSha256: bytes(row, 'token_sha256'),
    signedAt: instant(row, 'signed_at'),
    proofSealed: bytes(row, 'proof_sealed'),
  }));
}
