import { attempt, Malformed } from '../../../crypto/malformed.ts';
import { parseCheckpoint } from '../../../crypto/tlog/checkpoint.ts';
import { isCount } from '../../../crypto/tlog/merkle.ts';
import { openNote, UnverifiedNote } from '../../../crypto/tlog/note.ts';
import { parseVerifierKey } from '../../../crypto/tlog/verifier-key.ts';
import type { ReceivedHead } from '../../../bundle/judge-head.ts';
import { absences, omissions, type LedgerAbsence, type Omission } from '../../../evidence-files/ledger-lines.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/json.ts';

/** What the manifest of an export says of the ledger. */
export interface LedgerSection {
  readonly head: ReceivedHead;
  readonly first: number;
  readonly last: number;
  readonly exported: number;
  readonly omitted: Readonly<Partial<Record<Omission, number>>>;
}

/**
 * The section of a manifest, whose parts agree with each other: the checkpoint is that of the log that is named, and signed by the key
 * that is named. Or why there is none. Undefined for anything else.
 */
export function findLedgerSection(manifest: JsonObject): LedgerSection | LedgerAbsence | undefined {
  const { ledger, noLedger } = manifest;
  if (ledger === null) return absences.find((each) => each === noLedger);
  if (!isJsonObject(ledger) || noLedger !== null) return undefined;
  const { first, last, exported } = ledger;
  const head = findHead(ledger);
  const omitted = findOmitted(ledger['omitted']);
  if (typeof exported !== 'number' || !isCount(exported)) return undefined;
  if (!head || !omitted || !isNumber(first) || !isNumber(last) || first > last || last > head.size) return undefined;
  return { head, first, last, exported, omitted };
}

function findHead({ origin, key, size, root, checkpoint }: JsonObject): ReceivedHead | undefined {
  if (typeof key !== 'string' || typeof checkpoint !== 'string') return undefined;
  const note = Buffer.from(checkpoint, 'utf8');
  const head = attempt(() => {
    const own = parseVerifierKey(key);
    const signed = parseCheckpoint(openOwn(note, own));
    return own.kind === 'ed25519' && own.name === signed.origin ? signed : undefined;
  });
  if (!head || head instanceof Malformed) return undefined;
  const isAsSaid = head.origin === origin && head.size === size && head.root.toString('base64') === root;
  return isAsSaid ? { ...head, note } : undefined;
}

/** @throws Malformed */
function openOwn(note: Buffer, key: ReturnType<typeof parseVerifierKey>): string {
  try {
    return openNote(note, [key]).text;
  } catch (error) {
    if (error instanceof UnverifiedNote) throw new Malformed(error.message);
    throw error;
  }
}

function findOmitted(value: JsonValue | undefined): LedgerSection['omitted'] | undefined {
  if (!isJsonObject(value)) return undefined;
  const counts = Object.entries(value).map(
    ([name, count]) => [omissions.find((each) => each === name), count] as const,
  );
  const isSound = counts.every(([reason, count]) => reason !== undefined && isNumber(count));
  return isSound ? (Object.fromEntries(counts) as LedgerSection['omitted']) : undefined;
}

/** Whether it is a number of the ledger, or of lines that there are: from 1. */
function isNumber(value: unknown): value is number {
  return typeof value === 'number' && isCount(value) && value > 0;
}
