import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { extensions, issueCertificate, type Issuer, type Name, type SignatureDigest } from './certificate.ts';
import { testPolicies } from './oids.ts';

const generate = promisify(generateKeyPair);

/** A certification authority: its certificate and the key it issues with. */
export interface Authority extends Issuer {
  readonly certificate: Buffer;
  readonly publicKey: KeyObject;
}

/** Kept from one run to the next. All other certificates are issued at each start. */
export interface Authorities {
  readonly signatureRoot: Authority;
  readonly bankCa: Authority;
  readonly customerCa: Authority;
  readonly tlsRoot: Authority;
  readonly rpCa: Authority;
  readonly responderKey: KeyObject;
  readonly tlsServerKey: KeyObject;
  readonly rpKey: KeyObject;
}

export const bankName = 'Simulatorbanken AB (publ)';
const bankNumber = '111111111111';
const bank: Name = [
  ['countryName', 'SE'],
  ['organizationName', bankName],
  ['serialNumber', bankNumber],
];
const operator: Name = [
  ['organizationName', 'Sigill Simulator'],
  ['organizationalUnitName', 'BankID Member Banks CA'],
];

/** The names of the authorities. The TLS root differs from the signature root by its name, as with BankID. */
export const authorityNames = {
  signatureRoot: [...operator, ['commonName', 'Simulated BankID Root CA v1 Test']],
  bankCa: [...bank, ['commonName', 'Simulatorbanken CA v1 for BankID Test']],
  customerCa: [...bank, ['commonName', 'Simulatorbanken Customer CA1 v1 for BankID Test']],
  tlsRoot: [...operator, ['commonName', 'Simulated BankID SSL Root CA v1 Test']],
  rpCa: [...bank, ['commonName', 'Simulatorbanken RP CA v1 for BankID Test']],
} as const satisfies Record<string, Name>;

export const responderName: Name = [
  ...bank,
  ['commonName', 'Simulatorbanken Customer CA1 v1 for BankID Test OCSP Signing'],
];

// Wide and fixed, so that authorities kept in a directory never run out and an injected clock may stand anywhere in it.
const notBefore = new Date('2015-09-22T14:01:33Z');
const notAfter = new Date('2044-12-31T14:01:33Z');

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** Makes the two trust hierarchies from nothing: three RSA-4096 keys of the signature PKI, five of 2048 bits. */
export async function makeAuthorities(): Promise<Authorities> {
  const [root, bankKeys, customer, tls, rp, responder, tlsServer, rpClient] = await Promise.all([
    rsaKeyPair(4096),
    rsaKeyPair(4096),
    rsaKeyPair(4096),
    rsaKeyPair(2048),
    rsaKeyPair(2048),
    rsaKeyPair(2048),
    rsaKeyPair(2048),
    rsaKeyPair(2048),
  ]);
  const signatureRoot = await makeAuthority(authorityNames.signatureRoot, root, testPolicies.file);
  const bankCa = await makeAuthority(authorityNames.bankCa, bankKeys, testPolicies.file, signatureRoot);
  return {
    signatureRoot,
    bankCa,
    customerCa: await makeAuthority(authorityNames.customerCa, customer, testPolicies.mobile, bankCa),
    tlsRoot: await makeAuthority(authorityNames.tlsRoot, tls),
    rpCa: await makeAuthority(authorityNames.rpCa, rp),
    responderKey: responder.privateKey,
    tlsServerKey: tlsServer.privateKey,
    rpKey: rpClient.privateKey,
  };
}

export async function rsaKeyPair(modulusLength: 2048 | 4096): Promise<KeyPair> {
  return generate('rsa', { modulusLength });
}

async function makeAuthority(name: Name, keys: KeyPair, policy?: string, issuer?: Authority): Promise<Authority> {
  const own = { name, privateKey: keys.privateKey, digest: policy === undefined ? 'sha256' : 'sha512' } as const;
  const { der } = await issueCertificate(
    {
      subject: name,
      publicKey: keys.publicKey,
      notBefore,
      notAfter,
      extensions: [
        extensions.subjectKeyIdentifier(keys.publicKey),
        extensions.certificateAuthority(),
        extensions.authorityKeyIdentifier(issuer?.publicKey ?? keys.publicKey),
        ...(policy === undefined ? [] : [extensions.policy(policy)]),
        extensions.keyUsage('certificates'),
      ],
    },
    issuer ?? own,
  );
  // A payer's certificate and the responder's are signed with SHA-256, the authorities' own with SHA-512.
  return issuingAuthority(name, der, keys.privateKey, issuer === undefined ? own.digest : 'sha512');
}

function issuingAuthority(name: Name, certificate: Buffer, privateKey: KeyObject, digest: SignatureDigest): Authority {
  return { name, certificate, privateKey, publicKey: createPublicKey(privateKey), digest };
}

/** The same authority, issuing end-entity certificates. */
export function forEndEntities(authority: Authority): Issuer {
  return { name: authority.name, privateKey: authority.privateKey, digest: 'sha256' };
}

export interface StoredAuthorities {
  readonly version: 1;
  readonly certificates: Readonly<Record<keyof typeof authorityNames, string>>;
  readonly keys: Readonly<Record<keyof typeof authorityNames | 'responder' | 'tlsServer' | 'rp', string>>;
}

/** JSON-ready form: base64 of DER and PKCS #8. */
export function storeAuthorities(a: Authorities): StoredAuthorities {
  const key = (k: KeyObject): string => k.export({ type: 'pkcs8', format: 'der' }).toString('base64');
  const names = Object.keys(authorityNames) as (keyof typeof authorityNames)[];
  const each = (f: (authority: Authority) => string): Record<keyof typeof authorityNames, string> =>
    Object.fromEntries(names.map((name) => [name, f(a[name])])) as Record<keyof typeof authorityNames, string>;
  return {
    version: 1,
    certificates: each((authority) => authority.certificate.toString('base64')),
    keys: {
      ...each((authority) => key(authority.privateKey)),
      responder: key(a.responderKey),
      tlsServer: key(a.tlsServerKey),
      rp: key(a.rpKey),
    },
  };
}

/** Inverse of {@link storeAuthorities}. */
export function restoreAuthorities(stored: StoredAuthorities): Authorities {
  const key = (name: keyof StoredAuthorities['keys']): KeyObject =>
    createPrivateKey({ key: Buffer.from(stored.keys[name], 'base64'), format: 'der', type: 'pkcs8' });
  const authority = (name: keyof typeof authorityNames): Authority => {
    const digest = name === 'tlsRoot' || name === 'rpCa' ? 'sha256' : 'sha512';
    return issuingAuthority(authorityNames[name], Buffer.from(stored.certificates[name], 'base64'), key(name), digest);
  };
  return {
    signatureRoot: authority('signatureRoot'),
    bankCa: authority('bankCa'),
    customerCa: authority('customerCa'),
    tlsRoot: authority('tlsRoot'),
    rpCa: authority('rpCa'),
    responderKey: key('responder'),
    tlsServerKey: key('tlsServer'),
    rpKey: key('rp'),
  };
}
