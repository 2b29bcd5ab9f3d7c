import { canonicalJson, parseJson } from '../../crypto/canonical-json.ts';
import { attempt, Malformed } from '../../crypto/malformed.ts';
import { formatInstant } from '../../kernel/clock.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import type { SignedContent } from '../bankid-signature.ts';
import type { FolderFacts } from '../expectation.ts';
import type { Said } from '../messages.ts';

/** Members of the signed data that every consent.json repeats. */
const required = ['environment', 'consentId', 'clientId', 'tpp', 'bank', 'initiation'] as const;

/** The first file that says something else than the signed data. A file that ought to be there and is not differs too. */
export function findFolderDifference(
  { damage, consentJson, copies }: FolderFacts,
  content: SignedContent,
  producedAt: Date | undefined,
): Said | undefined {
  if (damage !== undefined) return damage;
  const consentDifference = findConsentDifference(consentJson, content.nonVisibleData);
  if (consentDifference !== undefined || !copies) return consentDifference;
  if (!copies.visibleText || !content.visibleData.equals(copies.visibleText)) return differs('visible-text.txt');
  if (!copies.nonVisibleData || !content.nonVisibleData?.equals(copies.nonVisibleData))
    return differs('non-visible.json');
  return findReportDifference(copies.report, content, producedAt);
}

function findConsentDifference(bytes: Uint8Array | undefined, signedBytes: Buffer | undefined): Said | undefined {
  const signed = findObject(signedBytes);
  const consent = findObject(bytes);
  if (!consent || !signed) return differs('consent.json');
  const missing = required.find((member) => !Object.hasOwn(consent, member));
  const different = Object.keys(signed).find(
    (member) => Object.hasOwn(consent, member) && !isSame(consent, signed, member),
  );
  const member = missing ?? different;
  return member === undefined ? undefined : differs('consent.json', member);
}

/** An older report may know less or warn more; what it says of the signature itself must be so. */
function findReportDifference(
  bytes: Uint8Array | undefined,
  content: SignedContent,
  at: Date | undefined,
): Said | undefined {
  const report = findObject(bytes);
  if (!report) return differs('report.json');
  const facts: JsonObject = {
    relyingParty: content.relyingPartyName,
    visibleText: content.visibleData.toString('utf8'),
    nonVisibleData: content.nonVisibleData?.toString('base64') ?? null,
    ...(at ? { signedAt: formatInstant(at) } : {}),
  };
  const member = Object.keys(facts).find((name) => !isSame(report, facts, name));
  return member === undefined ? undefined : differs('report.json', member);
}

function differs(file: string, member?: string): Said {
  return member === undefined
    ? { message: 'content.file-differs', parameters: { file } }
    : { message: 'content.member-differs', parameters: { file, member } };
}

function findObject(bytes: Uint8Array | undefined): JsonObject | undefined {
  const value = bytes && attempt(() => parseJson(bytes, 'any'));
  return value !== undefined && !(value instanceof Malformed) && isJsonObject(value) ? value : undefined;
}

function isSame(a: JsonObject, b: JsonObject, member: string): boolean {
  const [left, right] = [a[member], b[member]];
  return left !== undefined && right !== undefined && canonicalJson(left) === canonicalJson(right);
}
