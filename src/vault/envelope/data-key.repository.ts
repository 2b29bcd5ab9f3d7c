import { maybeRow, rows, type Scope } from '../../database/database.ts';
import { text } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import { parseWrappedKey, type WrappedKey } from '../wrapped-key.ts';

const FIND_WRAPPED_KEY = statement(
  'vault.findWrappedKey',
  'select key_id, kek_id, wrapped from data_key where subject = $1 order by wrapped_at desc limit 1',
);

/** The newest wrapped key: the database's owner may have added one under another evidence key. */
export async function findWrappedKey(scope: Scope, subject: string): Promise<WrappedKey | undefined> {
  return maybeRow(scope, FIND_WRAPPED_KEY, [subject], (row) => parseWrappedKey(row, subject));
}

const FIND_WRAPPED_KEYS = statement(
  'vault.findWrappedKeys',
  `select newest.subject, newest.key_id, newest.kek_id, newest.wrapped
     from unnest($1::text[]) as wanted (subject)
    cross join lateral (select d.subject, d.key_id, d.kek_id, d.wrapped from data_key d
                         where d.subject = wanted.subject order by d.wrapped_at desc limit 1) newest`,
);

/** The same for several subjects; one without a key is left out. */
export async function findWrappedKeys(scope: Scope, subjects: readonly string[]): Promise<readonly WrappedKey[]> {
  const found = await rows(scope, FIND_WRAPPED_KEYS, [subjects], (row) => parseWrappedKey(row, text(row, 'subject')));
  return found.filter((key) => key !== undefined);
}
