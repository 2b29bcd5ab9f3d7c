import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Environment } from '../kernel/environment.ts';
import { Secret } from '../kernel/secret.ts';
import type { EnvironmentVariables, FileReader, LogLevel, SigningKeyConfig } from './config.ts';
import { checkNames, findEnvironment, parseEnvironment } from './environment-rule.ts';
import { parseHost, parseIssuer } from './parse/addresses.ts';
import { parseBankIdRoot } from './parse/bankid-roots.ts';
import { fault, Faults } from './parse/faults.ts';
import { parsePort, parseWord } from './parse/settings.ts';
import { parseSigningKeys } from './parse/signing-keys.ts';
import { Variables } from './parse/variables.ts';

/** The configuration of `sigill serve-verifier`: no database, no clients, no key that opens anything. */
export interface VerifierConfig {
  readonly environment: Environment;
  readonly host: string;
  readonly port: number;
  /** PEM: the only root that may vouch for a signature. */
  readonly signatureRoot: string;
  /** The relying party that signatures must be made for; undefined means any, with a warning in each report. */
  readonly relyingParty: string | undefined;
  /** What may vouch for evidence as a whole: PEM files of issuers, and verifier keys. */
  readonly trust: {
    readonly seals: readonly string[];
    readonly timestamps: readonly string[];
    readonly ledgerKeys: readonly string[];
  };
  /** Undefined only in the sandbox, which listens on loopback alone. */
  readonly tls: VerifierTls | undefined;
  /** Issuer and key of signed verdicts; undefined means that verdicts are not signed. */
  readonly verdicts: { readonly issuer: string; readonly keys: readonly SigningKeyConfig[] } | undefined;
  readonly logLevel: LogLevel;
}

export interface VerifierTls {
  readonly certificate: string;
  readonly key: Secret;
  /** PEM: callers with a certificate of this authority are admitted. */
  readonly clientCa: string;
}

const tlsNames = ['VERIFIER_CERTIFICATE_FILE', 'VERIFIER_KEY_FILE', 'VERIFIER_CLIENT_CA_FILE'] as const;

/** @throws ConfigError that lists all faults */
export function parseVerifierConfig(env: EnvironmentVariables, readFile: FileReader): VerifierConfig {
  const faults = new Faults();
  const environment = faults.collect(() => parseEnvironment(env));
  const variables = new Variables(env, readFile, findEnvironment(env));
  faults.collect(() => checkNames(env));
  const host = faults.collect(() => parseHost(variables));
  const port = faults.collect(() => parsePort(variables, 'PORT'));
  const signatureRoot = faults.collect(() => parseBankIdRoot(variables, 'signature'));
  const tls = faults.collect(() => parseTls(variables));
  const trust = faults.collect(() => parseTrust(variables));
  const verdicts = faults.collect(() => parseVerdicts(variables));
  const logLevel = faults.collect(() => parseWord(variables, 'LOG_LEVEL'));
  faults.throwIfAny();
  return {
    environment: environment(),
    host: host(),
    port: port(),
    signatureRoot: signatureRoot(),
    relyingParty: variables.find('VERIFIER_RELYING_PARTY'),
    trust: trust(),
    tls: tls(),
    verdicts: verdicts(),
    logLevel: logLevel(),
  };
}

/** Certificates in PEM, and verifier keys one a line; none is trusted where the setting is absent. */
function parseTrust(variables: Variables): VerifierConfig['trust'] {
  const read = (name: `VERIFIER_${'SEAL_TRUST' | 'TIMESTAMP_TRUST' | 'LEDGER_KEYS'}_FILE`): string[] =>
    variables.find(name) === undefined ? [] : [variables.readFile(name).toString('utf8')];
  return {
    seals: read('VERIFIER_SEAL_TRUST_FILE'),
    timestamps: read('VERIFIER_TIMESTAMP_TRUST_FILE'),
    ledgerKeys: read('VERIFIER_LEDGER_KEYS_FILE').flatMap(linesOf),
  };
}

function linesOf(text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => line !== '');
  if (lines.length === 0) throw fault('VERIFIER_LEDGER_KEYS_FILE holds no key: then no checkpoint would be verified.');
  return lines;
}

/** Required, because any caller would be admitted without it. Optional in the sandbox, which only this machine reaches. */
function parseTls(variables: Variables): VerifierTls | undefined {
  const isUnset = tlsNames.every((name) => variables.find(name) === undefined);
  if (isUnset && variables.environment === 'sandbox') return undefined;
  const missing = tlsNames.filter((name) => variables.find(name) === undefined);
  if (missing.length > 0) throw fault(`${missing.join(', ')} not set: callers authenticate by mTLS.`);
  const certificate = readCertificate(variables, 'VERIFIER_CERTIFICATE_FILE');
  const key = variables.readSecretFile('VERIFIER_KEY_FILE').toString('utf8');
  checkPair(certificate, key);
  return { certificate, key: new Secret(key), clientCa: readCertificate(variables, 'VERIFIER_CLIENT_CA_FILE') };
}

function readCertificate(variables: Variables, name: (typeof tlsNames)[number]): string {
  const pem = variables.readFile(name).toString('utf8');
  try {
    new X509Certificate(pem);
    return pem;
  } catch {
    throw fault(`${name} holds no certificate in PEM.`);
  }
}

function checkPair(certificate: string, key: string): void {
  try {
    if (new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))) return;
  } catch {
    throw fault('VERIFIER_KEY_FILE holds no private key in PEM.');
  }
  throw fault('VERIFIER_KEY_FILE is not the key of VERIFIER_CERTIFICATE_FILE.');
}

function parseVerdicts(variables: Variables): VerifierConfig['verdicts'] {
  if (variables.find('SIGNING_KEYS_FILE') === undefined) return undefined;
  const keys = parseSigningKeys(variables, ['verdicts']);
  if (keys.some(({ purpose }) => purpose !== 'verdicts')) {
    throw fault('SIGNING_KEYS_FILE holds keys for other purposes than verdicts; a verifier needs no others.');
  }
  return { issuer: parseIssuer(variables), keys };
}
