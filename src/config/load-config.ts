import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import type { Environment } from '../kernel/environment.ts';
import type { AppConfig, AuditorConfig, AuditorWords, EnvironmentVariables, FileReader } from './config.ts';
import { isNothingConfigured } from './environment-rule.ts';
import {
  parseApproverConfig,
  parseConfig,
  parseMigrationConfig,
  parseStewardConfig,
  type ApproverConfig,
  type MigrationConfig,
  type StewardConfig,
} from './parse-config.ts';
import { parseVerifierConfig, type VerifierConfig } from './parse-verifier-config.ts';
import { parseAuditorConfig } from './parse/auditor/auditor-config.ts';
import { parseFurtherCertificates } from './parse/bankid/bankid-certificates.ts';
import type { ClientsCheck } from './parse/clients-file.ts';
import { Variables } from './parse/variables.ts';
import type { RpCertificates } from './rp-certificates.ts';

/** Bytes and permissions of the same file: both are read through one descriptor, not by name. */
export const readFileWithMode: FileReader = (path) => {
  const descriptor = openSync(path, 'r');
  try {
    return { bytes: readFileSync(descriptor), mode: fstatSync(descriptor).mode };
  } finally {
    closeSync(descriptor);
  }
};

/** The configuration of this process. @throws ConfigError */
export function loadConfig(checkClients: ClientsCheck): AppConfig {
  return loadConfigFrom(process.env, checkClients);
}

/** The configuration in these variables and in the files that they name. @throws ConfigError */
export function loadConfigFrom(env: EnvironmentVariables, checkClients: ClientsCheck): AppConfig {
  return parseConfig(env, readFileWithMode, checkClients);
}

/** The configuration of `sigill migrate`. @throws ConfigError */
export function loadMigrationConfig(): MigrationConfig {
  return parseMigrationConfig(process.env, readFileWithMode);
}

/** The configuration of `sigill steward`. @throws ConfigError */
export function loadStewardConfig(): StewardConfig {
  return parseStewardConfig(process.env, readFileWithMode);
}

/** The same where it has the login of the eraser, for commands that can do without. @throws ConfigError */
export function findStewardConfig(): StewardConfig | undefined {
  const names = ['STEWARD_DATABASE_URL', 'STEWARD_DATABASE_URL_FILE'];
  return names.some((name) => (process.env[name]?.trim() ?? '') !== '') ? loadStewardConfig() : undefined;
}

/** The configuration of the person who decides about a request; undefined where this process is not theirs. @throws ConfigError */
export function findApproverConfig(): ApproverConfig | undefined {
  const names = ['APPROVER_DATABASE_URL', 'APPROVER_DATABASE_URL_FILE'];
  return names.some((name) => (process.env[name]?.trim() ?? '') !== '')
    ? parseApproverConfig(process.env, readFileWithMode)
    : undefined;
}

/** The configuration of `sigill serve-verifier`. @throws ConfigError */
export function loadVerifierConfig(): VerifierConfig {
  return parseVerifierConfig(process.env, readFileWithMode);
}

/** How a command authenticates to a service. @param words options, which go before the environment. @throws ConfigError */
export function loadAuditorConfig(words: AuditorWords): AuditorConfig {
  return parseAuditorConfig(words, process.env, readFileWithMode);
}

/** The RP certificates that a file of the form of BANKID_CERTIFICATES_FILE lists. @throws ConfigError */
export function loadRpCertificates(path: string, environment: Environment): RpCertificates {
  return parseFurtherCertificates(new Variables({ BANKID_CERTIFICATES_FILE: path }, readFileWithMode, environment));
}

/** Whether this process has no configuration, so a checkout may start as the sandbox. */
export function isProcessUnconfigured(): boolean {
  return isNothingConfigured(process.env);
}
