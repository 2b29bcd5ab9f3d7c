import { canonicalJson, findObject } from '../crypto/json/canonical-json.ts';
import { findBase64 } from '../crypto/base64.ts';
import { HASH_SIZE, isCount } from '../crypto/tlog/merkle.ts';
import type { LeafRange, RangeProof } from '../crypto/tlog/range-proof.ts';

/** What an export says of each number that it answers for, one a line. */
export const LEDGER_LINES = 'ledger.jsonl';

/** The proof that these numbers, with these digests, stand in the ledger of the bank. */
export const LEDGER_RANGE = 'ledger-range.json';

/** How many numbers an export answers for at most. */
export const MAX_NUMBERS = 1_000_000;

/**
 * Why the evidence of a number is not in an export that answers for it:
 * - `lost`: the service has the digest alone;
 * - `refused`, `surplus`: it authorised nothing;
 * - `outside-period`: it authorised its consent before the period, or behind it;
 * - `other-tpp`, `other-state`: the order names another TPP, or consents of other states;
 * - `not-named`: the order names a payer, a reference or a consent, and it is of another;
 * - `erased`: its data key was destroyed at the end of its retention.
 */
export const omissions = [
  'other-tpp',
  'other-state',
  'outside-period',
  'refused',
  'surplus',
  'erased',
  'lost',
  'not-named',
] as const;
export type Omission = (typeof omissions)[number];

/** What an export says of a number. */
export type LedgerLine = {
  /** From 1: the index of the leaf + 1. */
  readonly number: number;
  /** The evidence digest, 32 octets: the entry of the leaf. */
  readonly digest: Buffer;
} & ({ readonly folder: string } | { readonly omitted: Omission });

/** Why an export answers for no numbers. */
export const absences = [
  /** No evidence authorised a consent in its period, and none was lost there. */
  'nothing-authorised',
  /** More than {@link MAX_NUMBERS} stand between the first and the last. */
  'too-many-numbers',
  /** It is not of one bank: each has a ledger of its own. */
  'several-banks',
] as const;
export type LedgerAbsence = (typeof absences)[number];

/** The line, with its newline: RFC 8785 JSON. */
export function formatLedgerLine({ number, digest, ...rest }: LedgerLine): string {
  return `${canonicalJson({ number, digest: digest.toString('base64url'), ...rest })}\n`;
}

/** @param line without its newline. Undefined for anything but what {@link formatLedgerLine} writes */
export function findLedgerLine(line: string): LedgerLine | undefined {
  const found = findObject(Buffer.from(line, 'utf8')) ?? {};
  const { number, digest: text, folder, omitted } = found;
  if (typeof number !== 'number' || typeof text !== 'string') return undefined;
  const digest = Buffer.from(text, 'base64url');
  const reason = omissions.find((each) => each === omitted);
  const said = typeof folder === 'string' ? { folder } : reason && { omitted: reason };
  if (!isCount(number) || digest.length !== HASH_SIZE || !said) return undefined;
  const read: LedgerLine = { number, digest, ...said };
  return formatLedgerLine(read) === `${line}\n` ? read : undefined;
}

/** The bytes of the proof: RFC 8785 JSON. @param numbers the first and the last */
export function formatLedgerRange(
  { first, last, size }: { readonly first: number; readonly last: number; readonly size: number },
  { left, right }: RangeProof,
): Buffer {
  return Buffer.from(canonicalJson({ v: 1, first, last, size, left: left.map(toBase64), right: right.map(toBase64) }));
}

/** Undefined for anything but what {@link formatLedgerRange} writes. */
export function findLedgerRange(bytes: Buffer): { readonly range: LeafRange; readonly proof: RangeProof } | undefined {
  const { v, first, last, size, left, right } = findObject(bytes) ?? {};
  const [before, behind] = [hashesOf(left), hashesOf(right)];
  if (v !== 1 || typeof first !== 'number' || typeof last !== 'number' || typeof size !== 'number') return undefined;
  if (!before || !behind || ![first, last, size].every(isCount)) return undefined;
  const proof = { left: before, right: behind };
  if (!formatLedgerRange({ first, last, size }, proof).equals(bytes)) return undefined;
  return { range: { begin: first - 1, end: last, size }, proof };
}

/** At most two for each level of the largest tree. */
const MAX_HASHES = 128;

function hashesOf(value: unknown): readonly Buffer[] | undefined {
  if (!Array.isArray(value) || value.length > MAX_HASHES) return undefined;
  const hashes = value.flatMap((text: unknown) => (typeof text === 'string' ? (findBase64(text) ?? []) : []));
  return hashes.length === value.length ? hashes : undefined;
}

function toBase64(hash: Uint8Array): string {
  return Buffer.from(hash).toString('base64');
}
