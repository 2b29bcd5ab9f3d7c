import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { DAY_MS } from '../../src/kernel/clock.ts';
import { extensions, issueCertificate, type IssuedCertificate, type Issuer, type Name } from '../pki/certificate.ts';
import { oids } from '../pki/oids.ts';
import { toPem } from '../pki/pem.ts';
import { loadText, writeFiles } from '../pki/pki-directory.ts';
import { makeCrl } from './crl.ts';

/** A key and the certificate that a token is signed with. */
export interface Signer {
  readonly privateKey: KeyObject;
  readonly certificate: Buffer;
  readonly serial: Buffer;
  readonly issuer: Issuer;
}

/** A trust service provider: it issues the timestamping authority's certificates and the sandbox's seal certificate, on P-256. */
export interface TrustServices {
  readonly rootPem: string;
  /** Signs tokens as it should. */
  readonly good: Signer;
  /** Certificates that a relying party must refuse. */
  readonly bad: Readonly<Record<'ekuNotCritical' | 'ekuNotSole' | 'revoked' | 'expired' | 'foreign', Signer>>;
  readonly seal: { readonly keyPem: string; readonly certificatePem: string };
  /** The CRL in DER, as it is at `now`; `revoked` adds serial numbers. */
  crl(now: Date, revoked?: readonly Buffer[]): Promise<Buffer>;
}

/** The names under which this material stands in a PKI directory. */
export const trustFiles = {
  trustRootFile: 'trust-root.pem',
  sealKeyFile: 'seal-key.pem',
  sealCertificateFile: 'seal-certificate.pem',
} as const;

const operator: Name = [
  ['countryName', 'SE'],
  ['organizationName', 'Sigill Simulator'],
];
const rootName: Name = [...operator, ['commonName', 'Simulated Trust Services CA v1 Test']];
const authorityName: Name = [...operator, ['commonName', 'Simulated Time Stamping Authority v1 Test']];
const sealName: Name = [
  ['countryName', 'SE'],
  ['organizationName', 'Sigill Sandbox AB'],
  ['commonName', 'Sigill Sandbox Seal v1 Test'],
];

const rootValidity = { notBefore: new Date('2015-09-22T14:01:33Z'), notAfter: new Date('2044-12-31T14:01:33Z') };
const VALIDITY_DAYS = 5 * 365;

/**
 * Opens the provider: its root is kept in `directory`, everything below is issued anew.
 * @param crlUrl where the certificates say that the CRL is
 */
export async function openTrustServices(
  directory: string | undefined,
  now: Date,
  crlUrl: string,
): Promise<TrustServices> {
  const key = createPrivateKey(await loadText(directory, 'trust-root-key.pem', newKeyPem));
  const root: Issuer = { name: rootName, privateKey: key, digest: 'sha256' };
  const rootPem = await loadText(directory, trustFiles.trustRootFile, () => issueRoot(root));
  const foreign: Issuer = { name: rootName, privateKey: createPrivateKey(await newKeyPem()), digest: 'sha256' };
  const timestamping = extensions.extendedKeyUsage(oids.timeStamping, true);
  const authority = (eku = timestamping, issuer = root, at = now): Promise<Signer> =>
    issueSigner(authorityName, issuer, at, [extensions.keyUsage('signatures'), eku, extensions.crlAt(crlUrl)]);
  const bad = {
    ekuNotCritical: await authority(extensions.extendedKeyUsage(oids.timeStamping, false)),
    ekuNotSole: await authority(extensions.extendedKeyUsage(oids.timeStamping, true, oids.clientAuth)),
    revoked: await authority(),
    expired: await authority(timestamping, root, new Date(now.getTime() - (VALIDITY_DAYS + 2) * DAY_MS)),
    foreign: await authority(timestamping, foreign),
  };
  const sealKeyPem = await loadText(directory, trustFiles.sealKeyFile, newKeyPem);
  const sealExtensions = [extensions.keyUsage('nonRepudiation'), extensions.crlAt(crlUrl)];
  const seal = await issueSigner(sealName, root, now, sealExtensions, createPrivateKey(sealKeyPem));
  const certificatePem = toPem('CERTIFICATE', seal.certificate);
  if (directory !== undefined) await writeFiles(directory, { [trustFiles.sealCertificateFile]: certificatePem });
  return {
    rootPem,
    good: await authority(),
    bad,
    seal: { keyPem: sealKeyPem, certificatePem },
    crl: (at, revoked = []) => makeCrl(root, at, [bad.revoked.serial, ...revoked]),
  };
}

const newKeyPem = (): Promise<string> =>
  Promise.resolve(
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  );

async function issueRoot(root: Issuer): Promise<string> {
  const publicKey = createPublicKey(root.privateKey);
  const { der } = await issueCertificate(
    {
      subject: rootName,
      publicKey,
      ...rootValidity,
      extensions: [
        extensions.subjectKeyIdentifier(publicKey),
        extensions.authorityKeyIdentifier(publicKey),
        extensions.certificateAuthority(),
        extensions.keyUsage('certificates'),
      ],
    },
    root,
  );
  return toPem('CERTIFICATE', der);
}

async function issueSigner(
  subject: Name,
  issuer: Issuer,
  at: Date,
  own: readonly Buffer[],
  privateKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
): Promise<Signer> {
  const publicKey = createPublicKey(privateKey);
  const issued: IssuedCertificate = await issueCertificate(
    {
      subject,
      publicKey,
      notBefore: new Date(at.getTime() - DAY_MS),
      notAfter: new Date(at.getTime() + VALIDITY_DAYS * DAY_MS),
      extensions: [
        extensions.subjectKeyIdentifier(publicKey),
        extensions.authorityKeyIdentifier(createPublicKey(issuer.privateKey)),
        ...own,
      ],
    },
    issuer,
  );
  return { privateKey, certificate: issued.der, serial: issued.serial, issuer };
}
