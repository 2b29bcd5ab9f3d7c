import { canonicalJson, parseJson } from '../../crypto/canonical-json.ts';
import { attempt, Malformed } from '../../crypto/malformed.ts';
import { formatInstant } from '../../kernel/clock.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import { consentToJson, type SignedConsentFacts } from '../../payment/non-visible.ts';
import type { SignedContent } from '../bankid-signature.ts';
import type { FolderFacts } from '../expectation.ts';
import type { Said } from '../messages.ts';

/** The first file that says something else than the signed data. A file that ought to be there and is not differs too. */
export function findFolderDifference(
  { damage, consentJson, copies }: FolderFacts,
  content: SignedContent,
  signed: SignedConsentFacts,
  producedAt: Date | undefined,
): Said | undefined {
  if (damage !== undefined) return damage;
  const consentDifference = findConsentDifference(consentJson, signed, copies ? 'to the byte' : 'in any spelling');
  if (consentDifference !== undefined || !copies) return consentDifference;
  if (!copies.visibleText || !content.visibleData.equals(copies.visibleText)) return differs('visible-text.txt');
  if (!copies.nonVisibleData || !content.nonVisibleData?.equals(copies.nonVisibleData))
    return differs('non-visible.json');
  return findReportDifference(copies.report, content, producedAt);
}

/** consent.json is made of what was signed: nothing is missing, nothing more, and in a folder in the one spelling of RFC 8785. */
function findConsentDifference(
  bytes: Uint8Array | undefined,
  facts: SignedConsentFacts,
  spelling: 'to the byte' | 'in any spelling',
): Said | undefined {
  const signed = consentToJson(facts);
  const consent = findObject(bytes);
  if (!bytes || !consent) return differs('consent.json');
  const members = [...Object.keys(signed), ...Object.keys(consent)];
  const different = members.find((member) => !isSame(consent, signed, member));
  if (different !== undefined) return differs('consent.json', different);
  const isCanonical = Buffer.from(canonicalJson(signed)).equals(bytes);
  return isCanonical || spelling === 'in any spelling' ? undefined : differs('consent.json');
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
  const [left, right] = [a, b].map((object) => (Object.hasOwn(object, member) ? object[member] : undefined));
  return left !== undefined && right !== undefined && canonicalJson(left) === canonicalJson(right);
}
