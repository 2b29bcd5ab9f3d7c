import { ChainCheck } from '../../../audit/check-chain.ts';
import { findObject } from '../../../crypto/json/canonical-json.ts';
import { isJsonObject } from '../../../kernel/json.ts';

/** The chain of a consent's events, beside its evidence. */
export const AUDIT_LINES = 'audit.jsonl';

/** Canonical JSON: the event is in it byte for byte as its hash covers it. */
const EVENT =
  /^\{"event":(?<event>\{.*\}),"hash":"(?<hash>[0-9a-f]{64})","previousHash":"(?<previous>[0-9a-f]{64})","seq":(?<seq>[1-9][0-9]{0,8})\}$/;

/**
 * Whether these are the events of the consent from the first on, each linked to the one before it, up to the head that the last line
 * names. That no later events were cut off, only the bank's audit log shows.
 */
export function isWholeChain(bytes: Buffer, consentId: string): boolean {
  const lines = bytes.toString('utf8').split('\n');
  if (lines.pop() !== '') return false;
  const head = findObject(Buffer.from(lines.pop() ?? '', 'utf8'))?.['head'];
  if (!isJsonObject(head) || lines.length === 0) return false;
  const { subject, seq, hash } = head;
  if (typeof subject !== 'string' || !subject.startsWith('consent:') || !subject.endsWith(`:${consentId}`))
    return false;
  const check = new ChainCheck();
  let last = '';
  for (const line of lines) {
    const { event, hash: own = '', previous = '', seq: place } = EVENT.exec(line)?.groups ?? {};
    if (event === undefined) return false;
    const linked = { subject, seq: Number(place), event, hash: octets(own), previousHash: octets(previous) };
    if (check.next(linked).length > 0) return false;
    last = own;
  }
  return seq === lines.length && hash === last;
}

function octets(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}
