import { bytes, text, type Row } from '../database/rows.ts';

/** A data key as it is stored: wrapped by an evidence key. */
export interface WrappedKey {
  readonly subject: string;
  readonly keyId: string;
  readonly kekId: string;
  readonly wrapped: Buffer;
}

/** The columns `key_id`, `kek_id` and `wrapped` of a statement that reads a data key with what it has sealed; undefined where there is none. */
export function parseWrappedKey(row: Row, subject: string): WrappedKey | undefined {
  if (row['key_id'] === null) return undefined;
  return { subject, keyId: text(row, 'key_id'), kekId: text(row, 'kek_id'), wrapped: bytes(row, 'wrapped') };
}
