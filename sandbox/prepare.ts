import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeBranding } from './branding.ts';
import { cibaClients, SUITE_ORIGIN } from './ciba-suite.ts';
import { sandboxClients, SECOND_CERTIFICATE, suiteClients, type SandboxClients } from './clients.ts';
import { SandboxTls } from './tls.ts';
import { generateKeyFiles } from './keys.ts';

/** What the service must know about the simulator. */
export interface SimulatorFacts {
  readonly rpUrl: string;
  readonly appUrl: string;
  readonly pki: {
    readonly tlsRootPem: string;
    readonly signatureRootPem: string;
    readonly rpCertificatePem: string;
    readonly rpKeyPem: string;
  };
  /** The issuer of timestamps and of the seal's certificate, and that certificate with its key, in PEM. */
  readonly trustServices: {
    readonly rootPem: string;
    readonly seal: { readonly keyPem: string; readonly certificatePem: string };
  };
  /** The RP certificate of another holder, the shop that persons log in to. */
  readonly secondParty: { readonly rpCertificatePem: string; readonly rpKeyPem: string };
}

export interface ServiceFacts {
  /** Where generated keys, certificates and registrations are kept. */
  readonly folder: string;
  readonly port: number;
  readonly metricsPort: number;
  readonly databaseUrl: string;
  readonly redirectUris: readonly string[];
  readonly simulator: SimulatorFacts;
  /** Where the identity providers of the two banks are; without it they have none. */
  readonly identityOrigin?: string;
  readonly tls?: TlsFacts;
}

/** Set for a service with https, and a second port that requests client certificates. */
export interface TlsFacts {
  /** The host name in the issuer; the service always listens on this machine only. */
  readonly host: string;
  readonly mtlsPort: number;
  /** Where the OpenID Foundation's suite takes pings, on this machine; where it listens by default, if not set. */
  readonly suiteOrigin?: string;
}

export interface PreparedService {
  /** The environment variables of the service process. */
  readonly env: Readonly<Record<string, string>>;
  readonly clients: SandboxClients;
  readonly issuer: string;
}

/** The name of the file that holds the service's configuration, as variables. */
export const ENVIRONMENT_FILE = 'environment.json';

/** Writes every file that the service's configuration names and returns that configuration. */
export async function prepareService(facts: ServiceFacts): Promise<PreparedService> {
  mkdirSync(facts.folder, { recursive: true, mode: 0o700 });
  const issuer = facts.tls ? `https://${facts.tls.host}:${facts.port}` : `http://localhost:${facts.port}`;
  const suiteOrigin = facts.tls?.suiteOrigin ?? SUITE_ORIGIN;
  const clients = await sandboxClients(facts.folder, facts.redirectUris, suiteOrigin, facts.identityOrigin);
  const { pki, secondParty, trustServices, rpUrl, appUrl } = facts.simulator;
  const env = {
    SIGILL_ENV: 'sandbox',
    ISSUER: issuer,
    HOST: '127.0.0.1',
    PORT: String(facts.port),
    METRICS_PORT: String(facts.metricsPort),
    DATABASE_URL: facts.databaseUrl,
    BANKID_URL: rpUrl,
    BANKID_APP_URL: appUrl,
    BANKID_TLS_ROOT_FILE: write(facts.folder, 'bankid-tls-root.pem', pki.tlsRootPem),
    BANKID_SIGNATURE_ROOT_FILE: write(facts.folder, 'bankid-signature-root.pem', pki.signatureRootPem),
    BANKID_CERTIFICATE_FILE: write(facts.folder, 'rp-certificate.pem', pki.rpCertificatePem),
    BANKID_KEY_FILE: write(facts.folder, 'rp-key.pem', pki.rpKeyPem),
    BANKID_CERTIFICATES_FILE: writeRing(facts.folder, secondParty),
    CLIENTS_FILE: clients.file,
    BRANDING_FILE: writeBranding(facts.folder),
    ...generateKeyFiles(facts.folder, trustServices.seal.keyPem),
    SEAL_CERTIFICATE_FILE: writeSealChain(facts.folder, facts.simulator),
    LEDGER_DIRECTORY: madeFolder(facts.folder, 'ledger'),
    EXPORT_DIRECTORY: madeFolder(facts.folder, 'exports'),
    TIMESTAMP_AUTHORITIES_FILE: writeAuthorities(facts.folder, facts.simulator),
    LEDGER_HEAD_SECONDS: '2',
    ...(facts.tls ? await tlsVariables(facts.folder, facts.tls, new URL(suiteOrigin).hostname) : {}),
  };
  // Commands find the running sandbox's configuration in this file.
  write(facts.folder, ENVIRONMENT_FILE, JSON.stringify(env));
  return { env, clients, issuer };
}

/** The service never makes it itself: elsewhere it may be a mount that is missing. */
function madeFolder(parent: string, name: string): string {
  const folder = join(parent, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

async function tlsVariables(
  folder: string,
  { host, mtlsPort }: TlsFacts,
  suiteHost: string,
): Promise<Record<string, string>> {
  const tls = await SandboxTls.open(folder);
  for (const id of [...suiteClients, ...cibaClients]) await tls.clientCertificate(id);
  // For the suite's own server, which takes our pings.
  await tls.serverFiles(suiteHost);
  const { certificateFile, keyFile } = await tls.serverFiles(host);
  return {
    TLS_CERTIFICATE_FILE: certificateFile,
    TLS_KEY_FILE: keyFile,
    CLIENT_CA_FILE: tls.clientCaFile,
    MTLS_PORT: String(mtlsPort),
    PING_LOOPBACK_HOSTS: suiteHost,
    PING_CA_FILE: tls.rootFile,
  };
}

/** The id is that of the client whose certificate it is. */
function writeRing(folder: string, { rpCertificatePem, rpKeyPem }: SimulatorFacts['secondParty']): string {
  const certificateFile = write(folder, 'second-rp-certificate.pem', rpCertificatePem);
  const keyFile = write(folder, 'second-rp-key.pem', rpKeyPem);
  const certificates = [{ id: SECOND_CERTIFICATE, certificateFile, keyFile }];
  return write(folder, 'rp-certificates.json', JSON.stringify({ certificates }));
}

function writeAuthorities(folder: string, { appUrl, trustServices }: SimulatorFacts): string {
  const trustFile = write(folder, 'trust-root.pem', trustServices.rootPem);
  const authorities = [{ url: `${appUrl}tsa`, trustFile }];
  return write(folder, 'timestamp-authorities.json', JSON.stringify({ authorities }));
}

function writeSealChain(folder: string, { trustServices: { seal, rootPem } }: SimulatorFacts): string {
  return write(folder, 'seal-certificate.pem', `${seal.certificatePem}${rootPem}`);
}

function write(folder: string, name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}
