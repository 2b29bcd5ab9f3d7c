import { execute, maybeRow, type Scope } from '../../database/database.ts';
import { statement } from '../../database/statement.ts';

const HAS_ROOT = statement('evidence.hasRoot', 'select 1 as present from signature_root where sha256 = $1');

const INSERT_ROOT = statement(
  'evidence.insertRoot',
  'insert into signature_root (sha256, pem) values ($1, $2) on conflict (sha256) do nothing',
);

/** Stores a root for the evidence that names it. It writes nothing if the root is stored, as when a command reads from a standby. */
export async function keepRoot(scope: Scope, sha256: Buffer, pem: string): Promise<void> {
  const isKept = await maybeRow(scope, HAS_ROOT, [sha256], () => true);
  if (isKept !== true) await execute(scope, INSERT_ROOT, [sha256, pem]);
}
