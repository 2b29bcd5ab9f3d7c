import { createPublicKey, type KeyObject } from 'node:crypto';
import { DAY_MS } from '../../src/kernel/clock.ts';
import { authorityNames, bankName, forEndEntities, responderName, type Authorities } from './authorities.ts';
import { extensions, issueCertificate, type Name } from './certificate.ts';
import { oids, testPolicies } from './oids.ts';
import { PayerCertificates } from './payer-certificates.ts';
import { toPem } from './pem.ts';
import { loadAuthorities, loadKey, writeFiles } from './pki-directory.ts';
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
  /** Another holder, so that a certificate can be taken for the wrong one. */
  readonly secondParty: RelyingPartyMaterial;
}

interface Holder {
  readonly displayName: string;
  readonly company: string;
  readonly organisationNumber: string;
}

const firstHolder: Holder = {
  displayName: 'Sigill Sandbox',
  company: 'Sigill Sandbox AB',
  organisationNumber: '5560000001',
};
const secondHolder: Holder = {
  displayName: 'Exempelbutiken',
  company: 'Exempelbutiken AB',
  organisationNumber: '5560000002',
};

const RP_P12_PASSPHRASE = 'simulator';

/** The names under which the relying parties' material stands in a PKI directory. */
export const pkiFiles = {
  tlsRootFile: 'tls-root.pem',
  signatureRootFile: 'signature-root.pem',
  rpCertificateFile: 'rp-certificate.pem',
  rpKeyFile: 'rp-key.pem',
  rpP12File: 'rp.p12',
  secondRpCertificateFile: 'second-rp-certificate.pem',
  secondRpKeyFile: 'second-rp-key.pem',
  secondRpP12File: 'second-rp.p12',
} as const;

/**
 * Both hierarchies, with end-entity certificates issued anew. `now` dates the OCSP responder; the TLS side follows the
 * machine's clock, because the TLS library does.
 * @param directory keeps the authorities from run to run, and gets files for programs that need paths
 */
export async function openPki(directory: string | undefined, now: Date): Promise<Pki> {
  const authorities = await loadAuthorities(directory);
  const secondKey = await loadKey(directory, pkiFiles.secondRpKeyFile);
  const [responderCertificate, server, relyingParty, secondParty] = await Promise.all([
    issueResponder(authorities, now),
    issueTlsServer(authorities),
    issueRelyingParty(authorities, authorities.rpKey, firstHolder),
    issueRelyingParty(authorities, secondKey, secondHolder),
  ]);
  if (directory !== undefined) await writeFiles(directory, filesOf(relyingParty, secondParty));
  return {
    authorities,
    payers: new PayerCertificates(authorities.customerCa),
    responderCertificate,
    tlsServer: { certPem: toPem('CERTIFICATE', server), keyPem: keyPem(authorities.tlsServerKey) },
    rpCaPem: toPem('CERTIFICATE', authorities.rpCa.certificate),
    relyingParty,
    secondParty,
  };
}

const keyPem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** The second key's file is where it is kept, so it is not written again. */
function filesOf(first: RelyingPartyMaterial, second: RelyingPartyMaterial): Record<string, string | Buffer> {
  return {
    [pkiFiles.tlsRootFile]: first.tlsRootPem,
    [pkiFiles.signatureRootFile]: first.signatureRootPem,
    [pkiFiles.rpCertificateFile]: first.rpCertificatePem,
    [pkiFiles.rpKeyFile]: first.rpKeyPem,
    [pkiFiles.rpP12File]: first.rpP12,
    [pkiFiles.secondRpCertificateFile]: second.rpCertificatePem,
    [pkiFiles.secondRpP12File]: second.rpP12,
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

async function issueRelyingParty(a: Authorities, key: KeyObject, holder: Holder): Promise<RelyingPartyMaterial> {
  const publicKey = createPublicKey(key);
  const subject: Name = [
    ['countryName', 'SE'],
    ['organizationName', bankName],
    ['serialNumber', holder.organisationNumber],
    ['name', holder.displayName],
    ['commonName', holder.company],
  ];
  const { der } = await issueCertificate(
    {
      subject,
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
  return {
    tlsRootPem: toPem('CERTIFICATE', a.tlsRoot.certificate),
    signatureRootPem: toPem('CERTIFICATE', a.signatureRoot.certificate),
    rpCertificatePem: toPem('CERTIFICATE', der),
    rpKeyPem: keyPem(key),
    rpP12: makePkcs12(key, der, RP_P12_PASSPHRASE),
    rpP12Passphrase: RP_P12_PASSPHRASE,
    relyingPartyName: reversedName(subject),
    displayName: holder.displayName,
  };
}

function tlsValidity(): { readonly notBefore: Date; readonly notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - DAY_MS), notAfter: new Date(now + 700 * DAY_MS) };
}
