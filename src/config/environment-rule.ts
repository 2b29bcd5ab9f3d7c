import { environments, isEnvironment, type Environment } from '../kernel/environment.ts';
import { isMisspelling } from '../kernel/text/misspelling.ts';
import { ConfigError, type EnvironmentVariables } from './config.ts';
import { isLoopback } from './parse/addresses.ts';
import { fault } from './parse/faults.ts';
import { variables, type Setting } from './settings.ts';

/** Shorter names (HOST, PORT, ISSUER) are too near to those of other programs. */
const MIN_LENGTH_OF_A_MISSPELLING = 7;

/**
 * Whether the operator has configured nothing. Only then may the sandbox fill in everything.
 * One decisive variable is enough to prevent that: a half-configured production must never start as a sandbox.
 */
export function isNothingConfigured(env: EnvironmentVariables): boolean {
  return !Object.entries(env).some(([name, text]) => {
    const value = text?.trim() ?? '';
    return value !== '' && (name.startsWith('BANKID_') || isDecisive(variables.get(name)?.decisive, value));
  });
}

function isDecisive(decisive: Setting['decisive'], value: string): boolean {
  if (decisive === 'other-environment') return value !== 'sandbox';
  if (decisive === 'other-machine') return !isLoopback(value);
  return decisive === 'always';
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

/**
 * A misspelt variable must not be ignored silently: what it was meant to switch on would be off. A name counts as misspelt if it begins
 * as those of BankID do, or is one letter away from one of ours.
 * @throws ConfigError that names each with the setting that is near
 */
export function checkNames(env: EnvironmentVariables): void {
  const faults = Object.keys(env).flatMap((name) => {
    if (variables.has(name) || (env[name]?.trim() ?? '') === '') return [];
    const long = [...variables.keys()].filter((known) => known.length >= MIN_LENGTH_OF_A_MISSPELLING);
    const meant = long.find((known) => isMisspelling(name.toUpperCase(), known));
    if (meant !== undefined) return [`${name} is unknown; the setting is called ${meant}.`];
    return name.startsWith('BANKID_') ? [`${name} is unknown.`] : [];
  });
  if (faults.length > 0) throw new ConfigError(faults);
}
