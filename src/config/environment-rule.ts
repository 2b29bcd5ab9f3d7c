import { environments, isEnvironment, type Environment } from '../kernel/environment.ts';
import type { EnvironmentVariables } from './config.ts';
import { isLoopback } from './parse/addresses.ts';
import { fault } from './parse/faults.ts';

const decisive = ['DATABASE_URL', 'DATABASE_URL_FILE', 'DATABASE_CA_FILE', 'ISSUER'];

const bankIdVariables = new Set([
  'BANKID_URL',
  'BANKID_APP_URL',
  'BANKID_TLS_ROOT_FILE',
  'BANKID_SIGNATURE_ROOT_FILE',
  'BANKID_CERTIFICATE_FILE',
  'BANKID_KEY_FILE',
  'BANKID_P12_FILE',
  'BANKID_P12_PASSPHRASE',
  'BANKID_P12_PASSPHRASE_FILE',
  'BANKID_CERTIFICATES_FILE',
]);

/**
 * Whether the operator has configured nothing. Only then may the sandbox fill in everything.
 * One decisive variable is enough to prevent that: a half-configured production must never start as a sandbox.
 */
export function isNothingConfigured(env: EnvironmentVariables): boolean {
  const isSet = (name: string): boolean => (env[name]?.trim() ?? '') !== '';
  const named = env['SIGILL_ENV']?.trim() ?? '';
  const host = env['HOST']?.trim() ?? '';
  return (
    (named === '' || named === 'sandbox') &&
    !decisive.some(isSet) &&
    !Object.keys(env).some((name) => name.startsWith('BANKID_') && isSet(name)) &&
    (host === '' || isLoopback(host))
  );
}

/** The environment that SIGILL_ENV names, if any. */
export function findEnvironment(env: EnvironmentVariables): Environment | undefined {
  const name = env['SIGILL_ENV']?.trim() ?? '';
  return isEnvironment(name) ? name : undefined;
}

/** @throws ConfigError if SIGILL_ENV names no environment: only an unconfigured sandbox has a default */
export function parseEnvironment(env: EnvironmentVariables): Environment {
  const environment = findEnvironment(env);
  if (environment) return environment;
  const name = env['SIGILL_ENV']?.trim() ?? '';
  throw fault(
    name === ''
      ? `SIGILL_ENV is not set (${environments.join(', ')}).`
      : `SIGILL_ENV is none of ${environments.join(', ')}.`,
  );
}

/** A misspelt variable must not be ignored silently: what it was meant to switch on would be off. */
export function checkBankIdNames(env: EnvironmentVariables): void {
  const unknown = Object.keys(env).filter((name) => name.startsWith('BANKID_') && !bankIdVariables.has(name));
  if (unknown.length > 0) throw fault(`Unknown: ${unknown.join(', ')}.`);
}
