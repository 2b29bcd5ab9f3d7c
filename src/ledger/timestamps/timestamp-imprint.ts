import { createHash } from 'node:crypto';

/**
 * What a token of a head stands over, by SHA-256: the log's own note, without the lines of witnesses; and in a renewal, directly after
 * it, the token that it renews.
 */
export function timestampImprint(note: string, renewed?: Uint8Array): Buffer {
  const hash = createHash('sha256').update(note, 'utf8');
  return (renewed ? hash.update(renewed) : hash).digest();
}
