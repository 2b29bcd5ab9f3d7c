import { Secret } from '../../../kernel/secret.ts';
import type { AuditorConfig, AuditorWords, EnvironmentVariables, FileReader } from '../../config.ts';
import { isLoopback } from '../addresses.ts';
import { fault, Faults } from '../faults.ts';
import { Variables } from '../variables.ts';
import type { VariableName } from '../../settings.ts';

const options = {
  AUDITOR_ISSUER: 'issuer',
  AUDITOR_CLIENT_ID: 'client',
  AUDITOR_KEY_FILE: 'key',
  AUDITOR_CERTIFICATE_FILE: 'certificate',
} as const satisfies Partial<Record<VariableName, keyof AuditorWords>>;
type Name = keyof typeof options;

/**
 * A key that others may read is refused in every environment: it is that of a person's or a bank's own machine.
 * @throws ConfigError that lists all faults
 */
export function parseAuditorConfig(
  words: AuditorWords,
  env: EnvironmentVariables,
  readFile: FileReader,
): AuditorConfig {
  const given = Object.entries(options).map(([name, option]) => [name, words[option] ?? env[name]]);
  const variables = new Variables<Name>(Object.fromEntries(given) as EnvironmentVariables, readFile, undefined);
  const faults = new Faults();
  const issuer = faults.collect(() => parseOrigin(needed(variables, 'AUDITOR_ISSUER')));
  const clientId = faults.collect(() => needed(variables, 'AUDITOR_CLIENT_ID'));
  const key = faults.collect(() => {
    needed(variables, 'AUDITOR_KEY_FILE');
    return new Secret(variables.readSecretFile('AUDITOR_KEY_FILE').toString('utf8'));
  });
  const certificate = faults.collect(() =>
    variables.find('AUDITOR_CERTIFICATE_FILE') === undefined
      ? undefined
      : variables.readFile('AUDITOR_CERTIFICATE_FILE').toString('utf8'),
  );
  faults.throwIfAny();
  return { issuer: issuer(), clientId: clientId(), key: key(), certificate: certificate() };
}

function needed(variables: Variables<Name>, name: Name): string {
  const value = variables.find(name);
  if (value === undefined) throw fault(`--${options[name]} is not given, and ${name} is not set.`);
  return value;
}

/** Credentials and evidence travel in clear nowhere but on the same machine. */
function parseOrigin(text: string): string {
  const url = URL.parse(text);
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw fault('AUDITOR_ISSUER is not an https URL.');
  if (text.replace(/\/$/, '') !== url.origin)
    throw fault(`AUDITOR_ISSUER must be an origin and nothing more: ${url.origin}`);
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw fault('AUDITOR_ISSUER must be https, except on loopback.');
  return url.origin;
}
