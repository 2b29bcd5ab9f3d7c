import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0]);

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const SERVER = '1.3.6.1.5.5.7.3.1';
const CLIENT = '1.3.6.1.5.5.7.3.2';
const NOT_BEFORE = new Date('2026-01-01T00:00:00Z');
const NOT_AFTER = new Date('2036-01-01T00:00:00Z');

/** A certificate with its key, both PEM. */
export interface KeyedCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** How a certificate differs from a valid one. */
export interface CertificateChanges {
  /** What it may be used for, by OID. */
  readonly usage?: string;
  readonly notAfter?: Date;
}

interface CertificateFacts {
  readonly subject: string;
  readonly usages: string[];
  readonly names: x509.JsonGeneralNames;
  readonly notAfter: Date;
}

/**
 * The sandbox's own authorities for TLS, made once and kept in a folder: one for the service's certificate, which browsers and
 * test suites may trust, and one for those of clients.
 */
export class SandboxTls {
  /** What a browser or a test suite must trust. */
  readonly rootFile: string;
  /** For CLIENT_CA_FILE. */
  readonly clientCaFile: string;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.rootFile = join(folder, 'tls-root.pem');
    this.clientCaFile = join(folder, 'client-ca.pem');
  }

  static async open(folder: string): Promise<SandboxTls> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const tls = new SandboxTls(folder);
    await tls.#keep('tls-root', () => issueRoot(uniqueName('TLS root')));
    await tls.#keep('client-ca', () => issueRoot(uniqueName('client CA')));
    return tls;
  }

  /** Paths of the service's certificate for `host`, which is valid for localhost too. */
  async serverFiles(host: string): Promise<{ readonly certificateFile: string; readonly keyFile: string }> {
    const names = [...new Set([host, 'localhost'])].map((value) => ({ type: 'dns' as const, value }));
    const addresses = [{ type: 'ip' as const, value: '127.0.0.1' }];
    const name = `tls-${host}`;
    const facts = { subject: `CN=${host}`, usages: [SERVER], names: [...names, ...addresses], notAfter: NOT_AFTER };
    await this.#keep(name, () => this.#issue('tls-root', facts));
    return { certificateFile: join(this.#folder, `${name}.pem`), keyFile: join(this.#folder, `${name}-key.pem`) };
  }

  /** The certificate of one client, by its id. */
  clientCertificate(id: string): Promise<KeyedCertificate> {
    return this.#keep(`client-${id}`, () => this.newClientCertificate(clientSubject(id)));
  }

  /** Another certificate for this subject, with a new key and not kept: for tests of what it gives access to. */
  newClientCertificate(subject: string, changes: CertificateChanges = {}): Promise<KeyedCertificate> {
    const { usage = CLIENT, notAfter = NOT_AFTER } = changes;
    return this.#issue('client-ca', { subject: encodedOrder(subject), usages: [usage], names: [], notAfter });
  }

  /** From now on this process trusts the service's certificate, besides all that it trusted before. */
  trustHere(): void {
    setDefaultCACertificates([...getCACertificates('default'), readFileSync(this.rootFile, 'utf8')]);
  }

  async #keep(name: string, make: () => Promise<KeyedCertificate>): Promise<KeyedCertificate> {
    const files = [join(this.#folder, `${name}.pem`), join(this.#folder, `${name}-key.pem`)] as const;
    if (!files.every((file) => existsSync(file))) {
      const made = await make();
      writeFileSync(files[0], made.certificate, { mode: 0o600 });
      writeFileSync(files[1], made.key, { mode: 0o600 });
    }
    return { certificate: readFileSync(files[0], 'utf8'), key: readFileSync(files[1], 'utf8') };
  }

  async #issue(
    issuer: 'tls-root' | 'client-ca',
    { subject, usages, names, notAfter }: CertificateFacts,
  ): Promise<KeyedCertificate> {
    const ca = new x509.X509Certificate(readFileSync(join(this.#folder, `${issuer}.pem`), 'utf8'));
    const pkcs8 = x509.PemConverter.decodeFirst(readFileSync(join(this.#folder, `${issuer}-key.pem`), 'utf8'));
    const keys = await newKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      subject,
      issuer: ca.subject,
      notBefore: NOT_BEFORE,
      notAfter,
      signingKey: await webcrypto.subtle.importKey('pkcs8', pkcs8, ALGORITHM, false, ['sign']),
      publicKey: keys.publicKey,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension(usages),
        ...(names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)]),
      ],
    });
    return toPem(certificate, keys.privateKey);
  }
}

/** The subject by which the sandbox registers a client for tls_client_auth (RFC 4514). */
export function clientSubject(id: string): string {
  return `CN=${id},O=Sigill sandbox,C=SE`;
}

/** The library takes attributes in the order in which they are encoded; RFC 4514 writes the last one first. */
function encodedOrder(subject: string): string {
  return subject.split(',').reverse().join(',');
}

/** In one process OpenSSL does not tell two roots of the same name apart: it tries the key of the first, and fails. */
function uniqueName(role: string): string {
  return `CN=Sigill sandbox ${role} ${randomBytes(6).toString('hex')}`;
}

async function issueRoot(name: string): Promise<KeyedCertificate> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    notBefore: NOT_BEFORE,
    notAfter: NOT_AFTER,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  return toPem(certificate, keys.privateKey);
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

async function toPem(certificate: x509.X509Certificate, key: webcrypto.CryptoKey): Promise<KeyedCertificate> {
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', key);
  return {
    certificate: `${certificate.toString('pem')}\n`,
    key: `${x509.PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`,
  };
}
