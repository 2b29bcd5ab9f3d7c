import { createPublicKey } from 'node:crypto';
import { authorityNames, bankName, forEndEntities, responderName, type Authorities } from './authorities.ts';
import { extensions, issueCertificate, type Name } from './certificate.ts';
import { oids, testPolicies } from './oids.ts';
import { PayerCertificates } from './payer-certificates.ts';
import { toPem } from './pem.ts';
import { loadAuthorities, writeFiles } from './pki-directory.ts';
import { makePkcs12 } from './pkcs12.ts';

/** Everything a relying party is given, as BankID and its bank would give it. */
export interface RelyingPartyMaterial {
  readonly tlsRootPem: string;
  readonly signatureRootPem: string;
  readonly rpCertificatePem: string;
  readonly rpKeyPem: string;
  readonly rpP12: Buffer;
  readonly rpP12Passphrase: string;
  /** The RP certificate's subject as `srvInfo/name` has it: `cn=…,name=…,serialNumber=…,o=…,c=…`. */
  readonly relyingPartyName: string;
  readonly displayName: string;
}

export interface Pki {
  readonly authorities: Authorities;
  readonly payers: PayerCertificates;
  readonly responderCertificate: Buffer;
  readonly tlsServer: { readonly certPem: string; readonly keyPem: string };
  readonly rpCaPem: string;
  readonly relyingParty: RelyingPartyMaterial;
}

const DAY_MS = 24 * 3600 * 1000;
export const displayName = 'Sigill Sandbox';

const rpSubject: Name = [
  ['countryName', 'SE'],
  ['organizationName', bankName],
  ['serialNumber', '5560000001'],
  ['name', displayName],
  ['commonName', 'Sigill Sandbox AB'],
];

/** The names under which `relyingParty`'s material stands in a PKI directory. */
export const pkiFiles = {
  tlsRootFile: 'tls-root.pem',
  signatureRootFile: 'signature-root.pem',
  rpCertificateFile: 'rp-certificate.pem',
  rpKeyFile: 'rp-key.pem',
  rpP12File: 'rp.p12',
} as const;

/**
 * Both hierarchies, with end-entity certificates issued anew. `now` dates the OCSP responder; the TLS side follows the
 * machine's clock, because the TLS library does.
 * @param directory keeps the authorities from run to run, and gets files for programs that need paths
 */
export async function openPki(directory: string | undefined, now: Date): Promise<Pki> {
  const authorities = await loadAuthorities(directory);
  const [responderCertificate, server, rp] = await Promise.all([
    issueResponder(authorities, now),
    issueTlsServer(authorities),
    issueRelyingParty(authorities),
  ]);
  const keyPem = (key: Authorities['rpKey']): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
  const rpP12Passphrase = 'simulator';
  const relyingParty: RelyingPartyMaterial = {
    tlsRootPem: toPem('CERTIFICATE', authorities.tlsRoot.certificate),
    signatureRootPem: toPem('CERTIFICATE', authorities.signatureRoot.certificate),
    rpCertificatePem: toPem('CERTIFICATE', rp),
    rpKeyPem: keyPem(authorities.rpKey),
    rpP12: makePkcs12(authorities.rpKey, rp, rpP12Passphrase),
    rpP12Passphrase,
    relyingPartyName: reversedName(rpSubject),
    displayName,
  };
  if (directory !== undefined) await writeFiles(directory, filesOf(relyingParty));
  return {
    authorities,
    payers: new PayerCertificates(authorities.customerCa),
    responderCertificate,
    tlsServer: { certPem: toPem('CERTIFICATE', server), keyPem: keyPem(authorities.tlsServerKey) },
    rpCaPem: toPem('CERTIFICATE', authorities.rpCa.certificate),
    relyingParty,
  };
}

function filesOf(material: RelyingPartyMaterial): Record<string, string | Buffer> {
  return {
    [pkiFiles.tlsRootFile]: material.tlsRootPem,
    [pkiFiles.signatureRootFile]: material.signatureRootPem,
    [pkiFiles.rpCertificateFile]: material.rpCertificatePem,
    [pkiFiles.rpKeyFile]: material.rpKeyPem,
    [pkiFiles.rpP12File]: material.rpP12,
  };
}

/** `cn=…,name=…,serialNumber=…,o=…,c=…`: last attribute first, its short type in lower case. */
function reversedName(name: Name): string {
  const types: Readonly<Record<Name[number][0], string>> = {
    countryName: 'c',
    organizationName: 'o',
    organizationalUnitName: 'ou',
    surname: 'sn',
    givenName: 'gn',
    serialNumber: 'serialNumber',
    name: 'name',
    commonName: 'cn',
  };
  return name
    .map(([type, value]) => `${types[type]}=${value}`)
    .reverse()
    .join(',');
}

async function issueResponder(a: Authorities, now: Date): Promise<Buffer> {
  const publicKey = createPublicKey(a.responderKey);
  const { der } = await issueCertificate(
    {
      subject: responderName,
      publicKey,
      notBefore: new Date(now.getTime() - DAY_MS),
      notAfter: new Date(now.getTime() + 180 * DAY_MS),
      extensions: [
        extensions.policy(testPolicies.file),
        extensions.extendedKeyUsage(oids.ocspSigning, true),
        extensions.keyUsage('nonRepudiation'),
        extensions.ocspNoCheck(),
        extensions.authorityKeyIdentifier(a.customerCa.publicKey),
        extensions.subjectKeyIdentifier(publicKey),
      ],
    },
    forEndEntities(a.customerCa),
  );
  return der;
}

async function issueTlsServer(a: Authorities): Promise<Buffer> {
  const publicKey = createPublicKey(a.tlsServerKey);
  const loopback6 = Buffer.from([...new Array<number>(15).fill(0), 1]);
  const { der } = await issueCertificate(
    {
      subject: [...authorityNames.tlsRoot.slice(0, 1), ['commonName', 'localhost']],
      publicKey,
      ...tlsValidity(),
      extensions: [
        extensions.serverNames(['localhost'], [Buffer.from([127, 0, 0, 1]), loopback6]),
        extensions.keyUsage('tls'),
        extensions.extendedKeyUsage(oids.serverAuth, false),
        extensions.authorityKeyIdentifier(a.tlsRoot.publicKey),
        extensions.subjectKeyIdentifier(publicKey),
      ],
    },
    a.tlsRoot,
  );
  return der;
}

async function issueRelyingParty(a: Authorities): Promise<Buffer> {
  const publicKey = createPublicKey(a.rpKey);
  const { der } = await issueCertificate(
    {
      subject: rpSubject,
      publicKey,
      ...tlsValidity(),
      extensions: [
        extensions.keyUsage('tls'),
        extensions.extendedKeyUsage(oids.clientAuth, false),
        extensions.authorityKeyIdentifier(a.rpCa.publicKey),
        extensions.subjectKeyIdentifier(publicKey),
      ],
    },
    a.rpCa,
  );
  return der;
}

function tlsValidity(): { readonly notBefore: Date; readonly notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - DAY_MS), notAfter: new Date(now + 700 * DAY_MS) };
}
