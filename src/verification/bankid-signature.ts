import { decodeBase64 } from '../crypto/base64.ts';
import { canonicalXml } from '../crypto/xml/canonical-xml.ts';
import { Malformed } from '../crypto/malformed.ts';
import { readXml, xmlLimits, type XmlElement } from '../crypto/xml/strict-xml.ts';
import { findUtf8 } from '../crypto/utf8.ts';
import { algorithms, checkElement } from './profile/bankid-schema.ts';
import { knownEnvironmentElements, signatureRule } from './profile/bankid-rules.ts';

export type ReferenceUri = '#bidSignedData' | '#bidKeyInfo';

export interface SignedReference {
  readonly uri: ReferenceUri;
  readonly hash: 'sha256' | 'sha1';
  readonly digest: Buffer;
}

/** The frame of a document that keeps to the profile. The signed elements are only octets here: nothing in them is verified yet. */
export interface BankidSignature {
  readonly hash: 'sha256' | 'sha1';
  readonly signatureValue: Buffer;
  /** Canonical octets of SignedInfo, which the signature value is over. */
  readonly signedInfo: Buffer;
  readonly references: readonly SignedReference[];
  /** Canonical octets of the two elements that the references name. */
  readonly referenced: Readonly<Record<ReferenceUri, Buffer>>;
}

/** The contents of bankIdSignedData. */
export interface SignedContent {
  readonly visibleData: Buffer;
  /** `undefined` if the visible data are not UTF-8. */
  readonly visibleText: string | undefined;
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
 * @see XMLDSig core §4; the profile is in profile/bankid-rules.ts
 */
export function parseBankidSignature(signature: string): BankidSignature {
  if (!isSignatureSize(signature)) throw new Malformed('signature: empty or too large');
  return parseBankidDocument(decodeBase64(signature));
}

/** The same for the XML document. @throws Malformed */
export function parseBankidDocument(document: Buffer): BankidSignature {
  const root = readXml(document, 'declared');
  if (root.name !== 'Signature') throw new Malformed('not a Signature');
  checkElement(root, signatureRule);
  const signedInfo = canonicalXml(child(root, 'SignedInfo'));
  return {
    ...readSignedInfo(signedInfo),
    signatureValue: octetsOf(child(root, 'SignatureValue')),
    signedInfo,
    referenced: {
      '#bidSignedData': canonicalXml(child(child(root, 'Object'), 'bankIdSignedData')),
      '#bidKeyInfo': canonicalXml(child(root, 'KeyInfo')),
    },
  };
}

/** Whether a text is short enough to be a signature. */
export function isSignatureSize({ length }: string): boolean {
  return length > 0 && length <= MAX_BASE64;
}

/**
 * DER of each certificate of KeyInfo, in its order.
 * @param keyInfo canonical octets, of the digest that was signed
 */
export function readKeyInfo(keyInfo: Buffer): readonly Buffer[] {
  return child(readXml(keyInfo, 'bare'), 'X509Data').children.map(octetsOf);
}

/**
 * What the payer's app wrote into bankIdSignedData.
 * @param signedData canonical octets, of the digest that was signed
 * @throws Malformed when a text is not UTF-8
 */
export function readSignedData(signedData: Buffer): SignedContent {
  const root = readXml(signedData, 'bare');
  const visible = child(root, 'usrVisibleData');
  const hidden = root.children.find(({ name }) => name === 'usrNonVisibleData');
  const service = child(root, 'srvInfo');
  const client = child(root, 'clientInfo');
  const visibleData = octetsOf(visible);
  return {
    visibleData,
    visibleText: findUtf8(visibleData),
    visibleFormat: visible.attributes.has('format') ? 'simpleMarkdownV1' : 'plaintext',
    nonVisibleData: hidden && octetsOf(hidden),
    relyingPartyName: decodeText(child(service, 'name')),
    displayName: decodeText(child(service, 'displayName')),
    nonce: octetsOf(child(service, 'nonce')),
    funcId: child(client, 'funcId').text === 'Signing' ? 'Signing' : 'Identification',
    hasUnknownEnvironment: hasUnknown(child(client, 'env')),
  };
}

function readSignedInfo(octets: Buffer): Pick<BankidSignature, 'hash' | 'references'> {
  const signedInfo = readXml(octets, 'bare');
  const references = signedInfo.children.filter(({ name }) => name === 'Reference');
  return {
    hash: attribute(child(signedInfo, 'SignatureMethod'), 'Algorithm') === algorithms.rsaSha256 ? 'sha256' : 'sha1',
    references: references.map((reference) => ({
      uri: attribute(reference, 'URI') as ReferenceUri,
      hash: attribute(child(reference, 'DigestMethod'), 'Algorithm') === algorithms.sha256 ? 'sha256' : 'sha1',
      digest: octetsOf(child(reference, 'DigestValue')),
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

function octetsOf({ octets, name }: XmlElement): Buffer {
  if (!octets) throw new Malformed(`${name}: base64`);
  return octets;
}

function decodeText(element: XmlElement): string {
  const text = findUtf8(octetsOf(element));
  if (text === undefined) throw new Malformed(`${element.name}: not UTF-8`);
  return text;
}

function hasUnknown(element: XmlElement): boolean {
  return element.children.some((inner) => !knownEnvironmentElements.has(inner.name) || hasUnknown(inner));
}
