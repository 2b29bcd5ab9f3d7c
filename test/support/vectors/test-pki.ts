import { createHash, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import {
  bits,
  encodeName,
  extensions,
  integer,
  sequence,
  signatureAlgorithm,
  time,
  tlv,
  type Hash,
  type Name,
} from './der-writer.ts';

export type KeyName =
  'root' | 'bankCa' | 'customerCa' | 'leaf' | 'responder' | 'stranger' | 'short' | 'cubic' | 'large';

const keys = new Map<KeyName, KeyObject>();
const sizes: Readonly<Partial<Record<KeyName, number>>> = { short: 1024, large: 4104 };

/** Throwaway keys, made once per test file. */
export function key(name: KeyName): KeyObject {
  const known = keys.get(name);
  if (known) return known;
  const made = generateKeyPairSync('rsa', {
    modulusLength: sizes[name] ?? 2048,
    publicExponent: name === 'cubic' ? 3 : 65_537,
  }).privateKey;
  keys.set(name, made);
  return made;
}

export interface CertificateRecipe {
  readonly subject: Name;
  readonly issuer: Name;
  readonly key: KeyName;
  readonly signedWith: KeyName;
  readonly serial: Buffer;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions: readonly Buffer[];
  readonly hash: Hash;
  /** The algorithm that tbsCertificate claims, when it is to differ. */
  readonly claimedHash?: Hash;
  /** Last change to the finished DER. */
  readonly mangle?: (der: Buffer) => Buffer;
}

export const spki = (name: KeyName): Buffer => createPublicKey(key(name)).export({ type: 'spki', format: 'der' });
/** The octets of the BIT STRING in a 2048-bit RSA SPKI begin after a header of 24. */
export const keyHash = (name: KeyName): Buffer => createHash('sha1').update(spki(name).subarray(24)).digest();

const issued = new WeakMap<CertificateRecipe, Buffer>();

/** The same recipe gives the same certificate: RSA signatures are deterministic. */
export function issue(recipe: CertificateRecipe): Buffer {
  const certificate = issued.get(recipe) ?? issueAnew(recipe);
  issued.set(recipe, certificate);
  return certificate;
}

function issueAnew(recipe: CertificateRecipe): Buffer {
  const tbs = sequence(
    tlv(0xa0, integer(Buffer.from([2]))),
    integer(recipe.serial),
    signatureAlgorithm(recipe.claimedHash ?? recipe.hash),
    encodeName(recipe.issuer),
    sequence(time(recipe.notBefore), time(recipe.notAfter)),
    encodeName(recipe.subject),
    spki(recipe.key),
    ...(recipe.extensions.length > 0 ? [tlv(0xa3, sequence(...recipe.extensions))] : []),
  );
  const signature = sign(recipe.hash, tbs, key(recipe.signedWith));
  const der = sequence(tbs, signatureAlgorithm(recipe.hash), bits(signature));
  return recipe.mangle ? recipe.mangle(der) : der;
}

export type Role = 'root' | 'bankCa' | 'customerCa' | 'leaf' | 'responder';
export type PkiRecipe = Readonly<Record<Role, CertificateRecipe>>;

const bank = 'Vektorbanken AB (publ)';
const caName = (cn: string): Name => [
  ['2.5.4.6', 'SE'],
  ['2.5.4.10', bank],
  ['2.5.4.5', '111111111111'],
  ['2.5.4.3', cn],
];
const rootName: Name = [
  ['2.5.4.10', 'Vectors'],
  ['2.5.4.3', 'Vector Root CA v1'],
];
export const personalNumber = '199001012385';
export const leafName: Name = [
  ['2.5.4.6', 'SE'],
  ['2.5.4.10', bank],
  ['2.5.4.4', 'Andersson'],
  ['2.5.4.42', 'Anna'],
  ['2.5.4.5', personalNumber],
  ['2.5.4.41', '(260101 10.00) Anna Andersson - BankID'],
  ['2.5.4.3', 'Anna Andersson'],
];

const long = { notBefore: new Date('2015-01-01T00:00:00Z'), notAfter: new Date('2040-01-01T00:00:00Z') };
const serial = (byte: number): Buffer => Buffer.from([0x21, 0x43, byte]);
const authority = [extensions.ca(), extensions.certSign, extensions.policy('1.2.3.4.5')];

/** A hierarchy in BankID's form. Every vector changes one thing in it. */
export const soundPki: PkiRecipe = {
  root: {
    ...long,
    subject: rootName,
    issuer: rootName,
    key: 'root',
    signedWith: 'root',
    serial: serial(1),
    hash: 'sha512',
    extensions: authority,
  },
  bankCa: {
    ...long,
    subject: caName('Vector CA v1 for BankID'),
    issuer: rootName,
    key: 'bankCa',
    signedWith: 'root',
    serial: serial(2),
    hash: 'sha512',
    extensions: authority,
  },
  customerCa: {
    ...long,
    subject: caName('Vector Customer CA1 v1 for BankID'),
    issuer: caName('Vector CA v1 for BankID'),
    key: 'customerCa',
    signedWith: 'bankCa',
    serial: serial(3),
    hash: 'sha512',
    extensions: authority,
  },
  leaf: {
    subject: leafName,
    issuer: caName('Vector Customer CA1 v1 for BankID'),
    key: 'leaf',
    signedWith: 'customerCa',
    serial: serial(4),
    hash: 'sha256',
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date('2027-01-01T00:00:00Z'),
    extensions: [extensions.policy('1.2.3.4.5'), extensions.nonRepudiation],
  },
  responder: {
    subject: caName('Vector Customer CA1 v1 for BankID OCSP Signing'),
    issuer: caName('Vector Customer CA1 v1 for BankID'),
    key: 'responder',
    signedWith: 'customerCa',
    serial: serial(5),
    hash: 'sha256',
    notBefore: new Date('2025-12-01T00:00:00Z'),
    notAfter: new Date('2027-06-01T00:00:00Z'),
    extensions: [extensions.ocspSigning, extensions.nonRepudiation, extensions.noCheck, extensions.policy('1.2.3.4.5')],
  },
};

export type PkiChanges = { readonly [role in Role]?: Partial<CertificateRecipe> };

export function changePki(changes: PkiChanges): PkiRecipe {
  const change = (role: Role): CertificateRecipe =>
    changes[role] ? { ...soundPki[role], ...changes[role] } : soundPki[role];
  return {
    root: change('root'),
    bankCa: change('bankCa'),
    customerCa: change('customerCa'),
    leaf: change('leaf'),
    responder: change('responder'),
  };
}

export const toPem = (der: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${(
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  ).join('\n')}\n-----END CERTIFICATE-----\n`;
