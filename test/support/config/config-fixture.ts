import 'reflect-metadata';
import { generateKeyPairSync, randomBytes, webcrypto } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { generateKeyFiles } from '../../../sandbox/keys.ts';
import { ConfigError, type EnvironmentVariables, type FileReader } from '../../../src/config/config.ts';
import { readFileWithMode } from '../../../src/config/load-config.ts';
import { parseConfig } from '../../../src/config/parse-config.ts';

x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0]);

type Changes = Record<string, string | undefined>;

/** Configurations of invented certificates and keys, in a folder of their own. */
export class ConfigFixture {
  readonly folder = mkdtempSync(join(tmpdir(), 'sigill-config-'));
  readonly sandbox: Readonly<Record<string, string>>;

  readonly #authority: object;

  private constructor([tls, signature, rp]: readonly SelfSigned[]) {
    if (!tls || !signature || !rp) throw new Error('three certificates are needed');
    this.sandbox = {
      SIGILL_ENV: 'sandbox',
      ISSUER: 'http://localhost:3000',
      DATABASE_URL: 'postgresql://app:hemligt@127.0.0.1:5432/sigill_sandbox',
      BANKID_URL: 'https://127.0.0.1:3001/rp/v6.0/',
      BANKID_TLS_ROOT_FILE: this.file('tls.pem', tls.cert),
      BANKID_SIGNATURE_ROOT_FILE: this.file('signature.pem', signature.cert),
      BANKID_CERTIFICATE_FILE: this.file('rp.pem', rp.cert),
      BANKID_KEY_FILE: this.file('rp.key', rp.key),
      CLIENTS_FILE: this.file('clients.json', '[]'),
      ...generateKeyFiles(join(this.folder, 'keys')),
      LEDGER_DIRECTORY: join(this.folder, 'ledger'),
    };
    this.#authority = { url: 'https://tsa.example/', trustFile: this.file('tsa.pem', tls.cert) };
  }

  static async create(): Promise<ConfigFixture> {
    return new ConfigFixture(await Promise.all(['CN=Sim TLS', 'CN=Sim Root', 'CN=Sim RP'].map(selfSigned)));
  }

  file(name: string, content: string | Buffer): string {
    const path = join(this.folder, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  }

  /** A certificate of another holder, and its key, in files. */
  async certificate(
    file: string,
    subject: string,
  ): Promise<{ readonly certificateFile: string; readonly keyFile: string }> {
    const { cert, key } = await selfSigned(subject);
    return { certificateFile: this.file(`${file}.pem`, cert), keyFile: this.file(`${file}.key`, key) };
  }

  /** The ring of RP certificates beside the default one. */
  ring(...certificates: readonly object[]): { readonly BANKID_CERTIFICATES_FILE: string } {
    return { BANKID_CERTIFICATES_FILE: this.file('ring.json', JSON.stringify({ certificates })) };
  }

  /** A file of timestamping authorities. */
  authorities(...authorities: readonly object[]): string {
    return this.file('timestamp-authorities.json', JSON.stringify({ authorities }));
  }

  /** Production, but for the roots: BankID's own are not part of this project. */
  production(changes: Changes = {}): EnvironmentVariables {
    const symmetric = (): string => JSON.stringify({ current: 'k1', keys: { k1: randomBytes(32).toString('base64') } });
    return {
      ...this.sandbox,
      SIGILL_ENV: 'production',
      ISSUER: 'https://sigill.example',
      DATABASE_URL: 'postgresql://app:hemligt@db.internal:5432/sigill?sslmode=verify-full',
      BANKID_URL: 'https://appapi2.bankid.com/rp/v6.0',
      EVIDENCE_KEY_FILE: this.file('evidence.json', symmetric()),
      LOOKUP_KEY_FILE: this.file('lookup.json', symmetric()),
      SUBJECT_KEY_FILE: this.file('subject.json', symmetric()),
      SIGNING_KEYS_FILE: this.file('signing.json', JSON.stringify({ keys: signingJwks() })),
      TIMESTAMP_AUTHORITIES_FILE: this.file('tsa.json', JSON.stringify({ authorities: [this.#authority] })),
      ...changes,
    };
  }

  /** The faults of a production configuration that are not about the roots. */
  productionFaults(changes: Changes = {}, readFile?: FileReader): readonly string[] {
    return faultsOf(this.production(changes), readFile).filter((text) => !text.includes('_ROOT_FILE'));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

export function faultsOf(env: EnvironmentVariables, readFile: FileReader = readFileWithMode): readonly string[] {
  try {
    parseConfig(env, readFile, () => undefined);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

/** One private signing key for each purpose. */
export function signingJwks(): Record<string, unknown>[] {
  return ['tokens', 'verdicts', 'ledger'].map((purpose) => {
    const { privateKey } =
      purpose === 'ledger' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' });
    return { ...privateKey.export({ format: 'jwk' }), kid: `${purpose}-2026`, purpose };
  });
}

interface SelfSigned {
  readonly cert: string;
  readonly key: string;
}

async function selfSigned(name: string): Promise<SelfSigned> {
  const keys = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const signingAlgorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const notAfter = new Date('2099-01-01T00:00:00Z');
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    notAfter,
    signingAlgorithm,
    // The server of the readiness tests shows one of these.
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }])],
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return {
    cert: certificate.toString('pem'),
    key: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`,
  };
}
