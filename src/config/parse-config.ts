import type { Secret } from '../kernel/secret.ts';
import {
  ConfigError,
  type AppConfig,
  type BankIdConfig,
  type EnvironmentVariables,
  type FileReader,
} from './config.ts';
import { checkNames, findEnvironment, parseEnvironment } from './environment-rule.ts';
import { parseBankIdAppUrl, parseBankIdUrl, parseHost, parseIssuer, parseTrustedProxies } from './parse/addresses.ts';
import { checkDistinctCertificates, parseFurtherCertificates } from './parse/bankid/bankid-certificates.ts';
import { parseDefaultCertificate } from './parse/bankid/bankid-client.ts';
import { parseBranding } from './parse/branding/branding-file.ts';
import { parseBankIdRoot } from './parse/bankid-roots.ts';
import { parseClientsFile, type ClientsCheck } from './parse/clients-file.ts';
import { checkTlsIsVerified, parseDatabaseUrl } from './parse/database-url.ts';
import { Faults } from './parse/faults.ts';
import { collectKeyRings } from './parse/key-rings.ts';
import { parseNotifications } from './parse/notifications.ts';
import {
  parseExportDirectory,
  parseLedger,
  parseLedgerDirectory,
  parseLoginAcr,
  parseNumber,
  parsePort,
  parseWord,
} from './parse/settings.ts';
import { parseSigningKeys } from './parse/signing-keys.ts';
import { parseSealCertificate } from './parse/seals/seal-certificate.ts';
import { parseTimestampAuthorities } from './parse/timestamps/timestamp-authorities.ts';
import { parseMtls, parseTls } from './parse/tls.ts';
import { Variables } from './parse/variables.ts';
import { rpCertificates, type RpCertificates } from './rp-certificates.ts';

/** What `sigill migrate` needs: the owner's login and the environment to write into the database. */
export interface MigrationConfig {
  readonly environment: AppConfig['environment'];
  readonly databaseUrl: Secret;
}

/** What `sigill steward` needs: the login of the eraser, and where it is kept what was erased. It opens nothing that is sealed. */
export interface StewardConfig {
  readonly databaseUrl: Secret;
  readonly ledgerDirectory: string;
}

/** What `sigill request` needs of the person who decides: a login of their own. */
export type ApproverConfig = Pick<StewardConfig, 'databaseUrl'>;

type Addresses = Pick<AppConfig, 'issuer' | 'host' | 'port' | 'metricsPort' | 'database' | 'trustedProxies'>;
type Keys = Pick<AppConfig, 'evidenceKeys' | 'lookupKeys' | 'subjectKeys' | 'signingKeys' | 'seal' | 'clients'>;
type Settings = Pick<
  AppConfig,
  | 'logLevel'
  | 'workers'
  | 'maxRisk'
  | 'requireDeviceBinding'
  | 'identificationRetentionDays'
  | 'loginAcr'
  | 'dpopNonce'
  | 'ledger'
  | 'exportDirectory'
  | 'timestampAuthorities'
>;
type Transport = Pick<AppConfig, 'tls' | 'mtls' | 'notifications'>;

/**
 * The configuration of the service, or all its faults. Secrets have no default, and no fault quotes a secret.
 * @param checkClients throws if the content of CLIENTS_FILE is not valid; passed in because `clients`, which knows
 *   what a client is, stands above this module
 * @throws ConfigError that lists all faults
 */
export function parseConfig(env: EnvironmentVariables, readFile: FileReader, checkClients: ClientsCheck): AppConfig {
  const faults = new Faults();
  const environment = faults.collect(() => parseEnvironment(env));
  const variables = new Variables(env, readFile, findEnvironment(env));
  faults.collect(() => checkNames(env));
  faults.collect(() => checkTlsIsVerified(variables));
  const addresses = collectAddresses(variables, faults);
  const transport = collectTransport(variables, faults);
  const bankid = collectBankId(variables, faults);
  const keys = collectKeys(variables, faults, (clients, named) => checkClients(clients, named, findRing(bankid)));
  const branding = faults.collect(() => parseBranding(variables, () => keys().clients));
  const settings = collectSettings(variables, faults);
  faults.throwIfAny();
  return {
    environment: environment(),
    ...addresses(),
    ...transport(),
    bankid: bankid(),
    ...keys(),
    ...settings(),
    branding: branding(),
  };
}

/** @throws ConfigError */
export function parseMigrationConfig(env: EnvironmentVariables, readFile: FileReader): MigrationConfig {
  const { faults, environment, variables } = collectFoundation(env, readFile);
  const url = faults.collect(() => parseDatabaseUrl(variables, 'MIGRATION_DATABASE_URL'));
  faults.throwIfAny();
  return { environment: environment(), databaseUrl: url() };
}

/** @throws ConfigError */
export function parseStewardConfig(env: EnvironmentVariables, readFile: FileReader): StewardConfig {
  const { faults, variables } = collectFoundation(env, readFile);
  const url = faults.collect(() => parseDatabaseUrl(variables, 'STEWARD_DATABASE_URL'));
  const directory = faults.collect(() => parseLedgerDirectory(variables));
  faults.throwIfAny();
  return { databaseUrl: url(), ledgerDirectory: directory() };
}

/** @throws ConfigError */
export function parseApproverConfig(env: EnvironmentVariables, readFile: FileReader): ApproverConfig {
  const { faults, variables } = collectFoundation(env, readFile);
  const url = faults.collect(() => parseDatabaseUrl(variables, 'APPROVER_DATABASE_URL'));
  faults.throwIfAny();
  return { databaseUrl: url() };
}

/** Of a process with a login of its own: the environment decides how its connection must be verified. */
function collectFoundation(env: EnvironmentVariables, readFile: FileReader) {
  const faults = new Faults();
  const environment = faults.collect(() => parseEnvironment(env));
  const variables = new Variables(env, readFile, findEnvironment(env));
  faults.collect(() => checkTlsIsVerified(variables));
  return { faults, environment, variables };
}

function collectAddresses(variables: Variables, faults: Faults): () => Addresses {
  const issuer = faults.collect(() => parseIssuer(variables));
  const host = faults.collect(() => parseHost(variables));
  const port = faults.collect(() => parsePort(variables, 'PORT'));
  const metricsPort = faults.collect(() => parsePort(variables, 'METRICS_PORT'));
  const url = faults.collect(() => parseDatabaseUrl(variables, 'DATABASE_URL'));
  const trustedProxies = faults.collect(() => parseTrustedProxies(variables));
  return () => ({
    issuer: issuer(),
    host: host(),
    port: port(),
    metricsPort: metricsPort(),
    database: { url: url() },
    trustedProxies: trustedProxies(),
  });
}

function collectTransport(variables: Variables, faults: Faults): () => Transport {
  const tls = faults.collect(() => parseTls(variables));
  const mtls = faults.collect(() => parseMtls(variables));
  const notifications = faults.collect(() => parseNotifications(variables));
  return () => ({ tls: tls(), mtls: mtls(), notifications: notifications() });
}

function collectBankId(variables: Variables, faults: Faults): () => BankIdConfig {
  const url = faults.collect(() => parseBankIdUrl(variables));
  const appUrl = faults.collect(() => parseBankIdAppUrl(variables));
  const tlsRoot = faults.collect(() => parseBankIdRoot(variables, 'tls'));
  const signatureRoot = faults.collect(() => parseBankIdRoot(variables, 'signature'));
  const own = faults.collect(() => parseDefaultCertificate(variables));
  const further = faults.collect(() => parseFurtherCertificates(variables));
  faults.collect(() => checkDistinctCertificates(own(), further()));
  return () => ({
    url: url(),
    tlsRoot: tlsRoot(),
    signatureRoot: signatureRoot(),
    ...own(),
    furtherCertificates: further(),
    ...appUrl(),
  });
}

/** Undefined where it has faults, which are reported anyhow. */
function findRing(bankid: () => BankIdConfig): RpCertificates | undefined {
  try {
    return rpCertificates(bankid());
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

function collectKeys(variables: Variables, faults: Faults, checkClients: ClientsCheck): () => Keys {
  const rings = collectKeyRings(variables, faults);
  const signingKeys = faults.collect(() => parseSigningKeys(variables));
  const seal = faults.collect(() => parseSealCertificate(variables, signingKeys()));
  const clients = faults.collect(() => parseClientsFile(variables, checkClients));
  return () => ({ ...rings(), signingKeys: signingKeys(), seal: seal(), clients: clients() });
}

function collectSettings(variables: Variables, faults: Faults): () => Settings {
  const logLevel = faults.collect(() => parseWord(variables, 'LOG_LEVEL'));
  const workers = faults.collect(() => parseWord(variables, 'WORKERS') === 'true');
  const maxRisk = faults.collect(() => parseWord(variables, 'MAX_RISK'));
  const requireDeviceBinding = faults.collect(() => parseWord(variables, 'REQUIRE_DEVICE_BINDING') === 'true');
  const identificationRetentionDays = faults.collect(() => parseNumber(variables, 'IDENTIFICATION_RETENTION_DAYS'));
  const loginAcr = faults.collect(() => parseLoginAcr(variables));
  const dpopNonce = faults.collect(() => parseWord(variables, 'DPOP_NONCE') === 'required');
  const ledger = faults.collect(() => parseLedger(variables));
  const exportDirectory = faults.collect(() => parseExportDirectory(variables));
  const timestampAuthorities = faults.collect(() => parseTimestampAuthorities(variables));
  return () => ({
    logLevel: logLevel(),
    workers: workers(),
    maxRisk: maxRisk(),
    requireDeviceBinding: requireDeviceBinding(),
    identificationRetentionDays: identificationRetentionDays(),
    loginAcr: loginAcr(),
    dpopNonce: dpopNonce(),
    ledger: ledger(),
    exportDirectory: exportDirectory(),
    timestampAuthorities: timestampAuthorities(),
  });
}
