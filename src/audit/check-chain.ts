import { createHash } from 'node:crypto';

/** An event of its subject's chain. `event` is the JSON text that the hash covers, byte for byte. */
export interface LinkedEvent {
  readonly subject: string;
  readonly seq: number;
  readonly event: string;
  readonly previousHash: Uint8Array;
  readonly hash: Uint8Array;
}

/**
 * A fault in a chain.
 * - `missing`: there is no event at this place, although the chain has a later one
 * - `unlinked`: the event does not hold the hash of the one before it
 * - `edited`: its hash is not that of its subject, place and text
 */
export interface ChainFault {
  readonly subject: string;
  readonly seq: number;
  readonly fault: 'missing' | 'unlinked' | 'edited';
}

const START: Uint8Array = new Uint8Array(32);

/**
 * Checks chains event by event, in the order of subject and place, and keeps only the last event in memory. An
 * end that was cut off leaves no fault in the chain: only another record of the events shows it.
 * @see migrations/0004_audit.sql
 */
export class ChainCheck {
  #subject: string | undefined;
  #seq = 0;
  #hash = START;

  /** The faults of this event, given the events before it. */
  next(event: LinkedEvent): readonly ChainFault[] {
    const isFirst = event.subject !== this.#subject;
    const expected = isFirst ? 1 : this.#seq + 1;
    const previous = isFirst ? START : this.#hash;
    [this.#subject, this.#seq, this.#hash] = [event.subject, event.seq, event.hash];
    return [...linkFaults(event, expected, previous), ...textFaults(event)];
  }
}

/** All faults of chains that are in memory. */
export function findChainFaults(events: Iterable<LinkedEvent>): readonly ChainFault[] {
  const check = new ChainCheck();
  return [...events].flatMap((event) => check.next(event));
}

/** SHA-256 over the previous hash, the place (8 bytes), the length of the subject (4 bytes), the subject and the event's text. */
export function linkHash(
  previous: Uint8Array,
  { subject, seq, event }: Omit<LinkedEvent, 'previousHash' | 'hash'>,
): Buffer {
  const numbers = Buffer.alloc(12);
  numbers.writeBigInt64BE(BigInt(seq));
  numbers.writeInt32BE(Buffer.byteLength(subject, 'utf8'), 8);
  return createHash('sha256').update(previous).update(numbers).update(subject, 'utf8').update(event, 'utf8').digest();
}

function linkFaults({ subject, seq, previousHash }: LinkedEvent, expected: number, previous: Uint8Array): ChainFault[] {
  if (seq !== expected) return [{ subject, seq: expected, fault: 'missing' }];
  return isEqual(previousHash, previous) ? [] : [{ subject, seq, fault: 'unlinked' }];
}

function textFaults(event: LinkedEvent): ChainFault[] {
  const { subject, seq, previousHash, hash } = event;
  return isEqual(hash, linkHash(previousHash, event)) ? [] : [{ subject, seq, fault: 'edited' }];
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
