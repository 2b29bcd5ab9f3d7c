import type { Witness } from '../../clients/clients.ts';
import { attempt, Malformed } from '../../crypto/malformed.ts';
import { parseNote, parseSignatures, UnverifiedNote, verifyLines } from '../../crypto/tlog/note.ts';
import type { KeptCheckpoint } from '../outside/ledger-directory.ts';
import type { Cosignature } from './cosignature.repository.ts';

/** How a witness is named in the database. */
export function nameOf({ key }: Pick<Witness, 'key'>): string {
  return `${key.name}+${key.keyId}`;
}

/**
 * Those of the stored lines that can be appended to a head without spoiling it: each is one signature in the name under which it is
 * stored, and verifies where its witness is registered. A line that the database's owner has invented would make readers refuse the
 * note.
 */
export function soundCosignatures(
  head: Pick<KeptCheckpoint, 'origin' | 'note'>,
  stored: readonly Cosignature[],
  witnesses: readonly Witness[],
): readonly Cosignature[] {
  return stored.filter(({ witness, line }) => {
    const signatures = attempt(() => parseSignatures(line));
    if (signatures instanceof Malformed || signatures.length !== 1) return false;
    const [key] = signatures.map(({ name, keyId }) => ({ name, keyId }));
    if (!key || `${key.name}+${key.keyId}` !== witness || key.name === head.origin) return false;
    const registered = witnesses.find((one) => nameOf(one) === witness);
    try {
      return !registered || verifyLines(parseNote(head.note).text, signatures, [registered.key]).length === 1;
    } catch (error) {
      if (error instanceof UnverifiedNote) return false;
      throw error;
    }
  });
}
