import { hash } from 'node:crypto';
import { canonicalJson, findObject } from '../../crypto/json/canonical-json.ts';
import { attempt, Malformed } from '../../crypto/malformed.ts';
import { parsePemCertificate, type Certificate } from '../../crypto/x509/certificate.ts';
import { formatInstant } from '../../kernel/clock.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.ts';
import { BROWSER, channelToJson } from '../../payment/channel.ts';
import type { SignedContent } from '../bankid-signature.ts';
import type { FolderFacts } from '../expectation.ts';
import type { Reason } from '../messages.ts';
import type { ClaimedVerdict, Facts } from '../facts/facts.ts';
import { isLogin, statementOf, type SignedFacts } from '../facts/signed-facts.ts';
import { signerOf } from '../facts/signer.ts';
import type { TrustAnchor } from '../trust-anchors.ts';

/** The first file that differs from the signed data. A missing file differs too. */
export function findFolderDifference(
  folder: FolderFacts,
  content: SignedContent,
  signed: SignedFacts,
  facts: Facts,
): Reason | undefined {
  const { damage, copies } = folder;
  if (damage !== undefined) return damage;
  const statementDifference = findStatementDifference(folder, signed);
  if (statementDifference !== undefined || !copies) return statementDifference;
  if (!copies.visibleText || !content.visibleData.equals(copies.visibleText)) return differs('visible-text.txt');
  if (!copies.nonVisibleData || !content.nonVisibleData?.equals(copies.nonVisibleData))
    return differs('non-visible.json');
  return (
    findReportDifference(copies.report, content, signed, facts) ??
    findCircumstancesDifference(copies.circumstances, content, signed, facts) ??
    findRootDifference(copies.root, facts.anchor)
  );
}

/**
 * consent.json, or login.json where a login was signed, has exactly what was signed; in a folder it is in RFC 8785 form. One never
 * stands in for the other, or beside it.
 */
function findStatementDifference(
  { consentJson, loginJson, copies }: FolderFacts,
  facts: SignedFacts,
): Reason | undefined {
  const consent = { file: 'consent.json', bytes: consentJson };
  const login = { file: 'login.json', bytes: loginJson };
  const [{ file, bytes }, other] = isLogin(facts) ? [login, consent] : [consent, login];
  if (other.bytes) return differs(other.file);
  const signed = statementOf(facts);
  const statement = findObject(bytes);
  if (!bytes || !statement) return differs(file);
  const members = [...Object.keys(signed), ...Object.keys(statement)];
  const different = members.find((member) => !isSame(statement, signed, member));
  if (different !== undefined) return differs(file, different);
  const isCanonical = Buffer.from(canonicalJson(signed)).equals(bytes);
  return isCanonical || !copies ? undefined : differs(file);
}

/** An older report may have fewer members or more warnings; what it says about the signature itself must be true. */
function findReportDifference(
  bytes: Uint8Array | undefined,
  content: SignedContent,
  signed: SignedFacts,
  { path, anchor, producedAt }: Facts,
): Reason | undefined {
  const report = findObject(bytes);
  if (!bytes || !report) return differs('report.json');
  const wanted: JsonObject = {
    relyingParty: content.relyingPartyName,
    visibleText: content.visibleData.toString('utf8'),
    nonVisibleData: content.nonVisibleData?.toString('base64') ?? null,
    payer: signed.payer,
    ...(path ? { signer: { ...signerOf(path.leaf) } } : {}),
    ...(anchor ? { environment: anchor.kind, trustAnchor: anchor.description } : {}),
    ...(producedAt ? { signedAt: formatInstant(producedAt) } : {}),
  };
  const member = Object.keys(wanted).find((name) => !isSame(report, wanted, name));
  return member === undefined ? findOtherSpelling('report.json', bytes, report) : differs('report.json', member);
}

/** The statement must be in canonical form, so that every other reader finds the same in it. */
function findOtherSpelling(file: string, bytes: Uint8Array, value: JsonObject): Reason | undefined {
  const isWritten = Buffer.from(canonicalJson(value)).equals(bytes);
  return isWritten ? undefined : { message: 'content.not-written', parameters: { file } };
}

/** The circumstances are the service's own statement; what they say about the signed data and the signer must agree with the signature. */
function findCircumstancesDifference(
  bytes: Uint8Array | undefined,
  content: SignedContent,
  signed: SignedFacts,
  { path, anchor }: Facts,
): Reason | undefined {
  const circumstances = findObject(bytes);
  if (!bytes || !circumstances) return differs('circumstances.json');
  const number = path && signerOf(path.leaf).personalNumber;
  const wanted: readonly (readonly [path: readonly string[], value: string | undefined])[] = [
    [['completion', 'user', 'personalNumber'], number],
    [['order', 'signParameters', 'requirement', 'personalNumber'], number],
    // As a phone order names the person.
    [['order', 'signParameters', 'personalNumber'], number],
    [[isLogin(signed) ? 'login' : 'consent', 'template'], signed.template],
    [['service', 'relyingPartyName'], content.relyingPartyName],
    [['service', 'rootFingerprint'], anchor && hash('sha256', anchor.certificate.der, 'hex')],
  ];
  const different = wanted.find(([names, value]) => {
    const found = names.reduce<JsonValue | undefined>(memberOf, circumstances);
    return found !== undefined && value !== undefined && found !== value;
  });
  const member = different ? different[0].join('.') : findOtherChannel(circumstances, signed);
  return member !== undefined
    ? differs('circumstances.json', member)
    : findOtherSpelling('circumstances.json', bytes, circumstances);
}

/** Circumstances from before there were other ways than the browser do not say how the payer was reached. */
function findOtherChannel({ channel }: JsonObject, signed: SignedFacts): string | undefined {
  const wanted = channelToJson('channel' in signed ? signed.channel : BROWSER);
  return channel === undefined || canonicalJson(channel) === canonicalJson(wanted) ? undefined : 'channel';
}

/**
 * Whether circumstances.json has another name for the person than the certificate. Names change, personal numbers do not, so
 * it is only a warning.
 */
export function namesAnother({ copies }: FolderFacts, leaf: Certificate | undefined): boolean {
  const circumstances = copies && findObject(copies.circumstances);
  const name = ['completion', 'user', 'name'].reduce<JsonValue | undefined>(memberOf, circumstances);
  return name !== undefined && leaf !== undefined && name !== signerOf(leaf).name;
}

function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** The root in the folder is the one that vouched; it is nearly always the same file as the caller's. */
function findRootDifference(pem: Uint8Array | undefined, anchor: TrustAnchor | undefined): Reason | undefined {
  if (!pem) return differs('bankid-root.pem');
  if (!anchor) return undefined;
  const text = Buffer.from(pem).toString('latin1');
  if (text === anchor.pem) return undefined;
  const root = attempt(() => parsePemCertificate(text));
  const isSame = !(root instanceof Malformed) && root.der.equals(anchor.certificate.der);
  return isSame ? undefined : differs('bankid-root.pem');
}

/** The verdict in the report.json of a folder. */
export function findClaimedVerdict({ copies }: FolderFacts): ClaimedVerdict | undefined {
  const report = copies && findObject(copies.report);
  const { indication, subIndication, matches } = report ?? {};
  return report && { indication, subIndication, matches };
}

function differs(file: string, member?: string): Reason {
  return member === undefined
    ? { message: 'content.file-differs', parameters: { file } }
    : { message: 'content.member-differs', parameters: { file, member } };
}

function isSame(a: JsonObject, b: JsonObject, member: string): boolean {
  const [left, right] = [a, b].map((object) => (Object.hasOwn(object, member) ? object[member] : undefined));
  if (left === undefined || right === undefined) return false;
  return left === right || canonicalJson(left) === canonicalJson(right);
}
