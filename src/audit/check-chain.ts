import { createHash } from 'node:crypto';

/** An event as it stands in the chain. `event` is the RFC 8785 text that the hash covers. */
export interface LinkedEvent {
  readonly subject: string;
  readonly seq: number;
  readonly event: string;
  readonly previousHash: Uint8Array;
  readonly hash: Uint8Array;
}

/** The end of a chain as somebody else has noted it: without one, nobody can tell that a chain was cut short. */
export interface ChainHead {
  readonly seq: number;
  readonly hash: Uint8Array;
}

export type ChainFault = 'reordered-or-missing' | 'edited' | 'unlinked' | 'foreign' | 'truncated';
export type ChainVerdict =
  | { readonly sound: true; readonly head: ChainHead | undefined }
  | { readonly sound: false; readonly seq: number; readonly fault: ChainFault };

const START = new Uint8Array(32);

/**
 * Checks one subject's chain, given in order from its first event.
 * @param known a head noted earlier (in an export, for instance): the chain must still contain it
 * @see migrations/0002_audit.sql for how the hash is made
 */
export function checkChain(subject: string, events: readonly LinkedEvent[], known?: ChainHead): ChainVerdict {
  let previous: Uint8Array = START;
  for (const [index, event] of events.entries()) {
    const fault = findFault(subject, event, index + 1, previous);
    if (fault) return { sound: false, seq: index + 1, fault };
    previous = event.hash;
  }
  if (known && !contains(events, known)) return { sound: false, seq: known.seq, fault: 'truncated' };
  const last = events.at(-1);
  return { sound: true, head: last && { seq: last.seq, hash: last.hash } };
}

function findFault(subject: string, event: LinkedEvent, seq: number, previous: Uint8Array): ChainFault | undefined {
  if (event.seq !== seq) return 'reordered-or-missing';
  if (!equal(event.previousHash, previous)) return 'unlinked';
  if (!equal(event.hash, linkHash(previous, seq, event.event))) return 'edited';
  return event.subject === subject && subjectOf(event.event) === subject ? undefined : 'foreign';
}

/** SHA-256 of the previous hash and `<seq>:<event>`. */
export function linkHash(previous: Uint8Array, seq: number, event: string): Buffer {
  return createHash('sha256').update(previous).update(`${seq}:${event}`, 'utf8').digest();
}

function subjectOf(event: string): unknown {
  return (JSON.parse(event) as { readonly subject?: unknown }).subject;
}

function contains(events: readonly LinkedEvent[], head: ChainHead): boolean {
  const event = events[head.seq - 1];
  return event !== undefined && equal(event.hash, head.hash);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
