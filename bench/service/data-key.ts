import { execute, type Scope } from '../../src/database/database.ts';
import { statement } from '../../src/database/statement.ts';
import type { DataKey, Envelope } from '../../src/vault/envelope.ts';

const INSERT_DATA_KEY = statement(
  'bench.insertDataKey',
  'insert into data_key (key_id, subject, kek_id, wrapped) values ($1, $2, $3, $4)',
);

/** Makes and stores the data key of a subject that was never pushed or pressed: in the service, those statements store it. */
export async function insertDataKey(scope: Scope, envelope: Envelope, subject: string): Promise<DataKey> {
  const { key, stored } = envelope.newDataKey(subject);
  await execute(scope, INSERT_DATA_KEY, [stored.keyId, subject, stored.kekId, stored.wrapped]);
  return key;
}
