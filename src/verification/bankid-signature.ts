import { decodeBase64 } from '../crypto/base64.ts';
import { canonicalXml } from '../crypto/canonical-xml.ts';
import { Malformed } from '../crypto/malformed.ts';
import { readXml, xmlLimits, type XmlElement } from '../crypto/strict-xml.ts';
import { findUtf8 } from '../crypto/utf8.ts';
import { algorithms, checkElement } from './profile/bankid-schema.ts';
import { knownEnvironmentElements, signatureRule } from './profile/bankid-rules.ts';

export type ReferenceUri = '#bidSignedData' | '#bidKeyInfo';

export interface SignedReference {
  readonly uri: ReferenceUri;
  readonly hash: 'sha256' | 'sha1';
  readonly digest: Buffer;
}

/** The skeleton of a document that keeps to the profile. Of what is signed only octets: nothing in them is proven yet. */
export interface BankidSignature {
  readonly hash: 'sha256' | 'sha1';
  readonly signatureValue: Buffer;
  /** Canonical octets of SignedInfo, which the signature value is over. */
  readonly signedInfo: Buffer;
  readonly references: readonly SignedReference[];
  /** Canonical octets of the two elements that the references name. */
  readonly referenced: Readonly<Record<ReferenceUri, Buffer>>;
}

/** The contents of bankIdSignedData, read from its canonical octets. */
export interface SignedContent {
  readonly visibleData: Buffer;
  readonly visibleFormat: 'plaintext' | 'simpleMarkdownV1';
  readonly nonVisibleData: Buffer | undefined;
  readonly relyingPartyName: string;
  readonly displayName: string;
  readonly nonce: Buffer;
  readonly funcId: 'Identification' | 'Signing';
  readonly hasUnknownEnvironment: boolean;
}

const MAX_BASE64 = Math.ceil(xmlLimits.bytes / 3) * 4;

/**
 * Reads `completionData.signature`: base64 of an XML document that keeps to BankID's profile in every element.
 * @throws Malformed
 * @see XMLDSig core §4; the profile stands in profile/bankid-rules.ts
 */
export function parseBankidSignature(signature: string): BankidSignature {
  if (signature.length === 0 || signature.length > MAX_BASE64) throw new Malformed('signature: empty or too large');
  const root = readXml(decodeBase64(signature), 'declared');
  if (root.name !== 'Signature') throw new Malformed('not a Signature');
  checkElement(root, signatureRule);
  const [signedInfo, signatureValue, keyInfo, object] = root.children as [
    XmlElement,
    XmlElement,
    XmlElement,
    XmlElement,
  ];
  const [signedData] = object.children as [XmlElement];
  const octets = canonicalXml(signedInfo);
  return {
    ...readSignedInfo(readXml(octets, 'bare')),
    signatureValue: decodeBase64(signatureValue.text),
    signedInfo: octets,
    referenced: { '#bidSignedData': canonicalXml(signedData), '#bidKeyInfo': canonicalXml(keyInfo) },
  };
}

/**
 * DER of each certificate of KeyInfo, in its order.
 * @param octets canonical octets whose digest matched
 */
export function readKeyInfo(octets: Buffer): readonly Buffer[] {
  return child(readXml(octets, 'bare'), 'X509Data').children.map((certificate) => decodeBase64(certificate.text));
}

/**
 * @param octets canonical octets whose digest matched
 * @throws Malformed when a text is not UTF-8
 */
export function readSignedData(octets: Buffer): SignedContent {
  const root = readXml(octets, 'bare');
  const visible = child(root, 'usrVisibleData');
  const hidden = root.children.find(({ name }) => name === 'usrNonVisibleData');
  const service = child(root, 'srvInfo');
  const client = child(root, 'clientInfo');
  return {
    visibleData: decodeBase64(visible.text),
    visibleFormat: visible.attributes.has('format') ? 'simpleMarkdownV1' : 'plaintext',
    nonVisibleData: hidden && decodeBase64(hidden.text),
    relyingPartyName: decodeText(child(service, 'name')),
    displayName: decodeText(child(service, 'displayName')),
    nonce: decodeBase64(child(service, 'nonce').text),
    funcId: child(client, 'funcId').text === 'Signing' ? 'Signing' : 'Identification',
    hasUnknownEnvironment: hasUnknown(child(client, 'env')),
  };
}

function readSignedInfo(signedInfo: XmlElement): Pick<BankidSignature, 'hash' | 'references'> {
  const references = signedInfo.children.filter(({ name }) => name === 'Reference');
  return {
    hash: attribute(child(signedInfo, 'SignatureMethod'), 'Algorithm') === algorithms.rsaSha256 ? 'sha256' : 'sha1',
    references: references.map((reference) => ({
      uri: attribute(reference, 'URI') as ReferenceUri,
      hash: attribute(child(reference, 'DigestMethod'), 'Algorithm') === algorithms.sha256 ? 'sha256' : 'sha1',
      digest: decodeBase64(child(reference, 'DigestValue').text),
    })),
  };
}

function child(element: XmlElement, name: string): XmlElement {
  const found = element.children.find((candidate) => candidate.name === name);
  if (!found) throw new Malformed(`${element.name}: ${name} is missing`);
  return found;
}

function attribute(element: XmlElement, name: string): string {
  const value = element.attributes.get(name);
  if (value === undefined) throw new Malformed(`${element.name}: ${name}`);
  return value;
}

function decodeText(element: XmlElement): string {
  const text = findUtf8(decodeBase64(element.text));
  if (text === undefined) throw new Malformed(`${element.name}: not UTF-8`);
  return text;
}

function hasUnknown(element: XmlElement): boolean {
  return element.children.some((inner) => !knownEnvironmentElements.has(inner.name) || hasUnknown(inner));
}
