import type { Environment } from '../../kernel/environment.ts';
import { isJsonObject } from '../../kernel/json.ts';
import { ConfigError } from '../config.ts';
import type { RpCertificates } from '../rp-certificates.ts';
import { fault } from './faults.ts';
import { parseJson } from './key-rings.ts';
import type { Variables } from './variables.ts';

/**
 * Throws if `clients` does not accept the content of CLIENTS_FILE in this environment and with this ring of RP certificates, which is
 * undefined where it has faults of its own.
 */
export type ClientsCheck = (clients: unknown, environment: Environment, ring?: RpCertificates) => unknown;

/** CLIENTS_FILE has only public keys, so others may read it. Keys that the sandbox made are refused elsewhere. */
export function parseClientsFile(variables: Variables, checkClients: ClientsCheck): unknown {
  const clients = parseJson('CLIENTS_FILE', variables.readFile('CLIENTS_FILE').toString('utf8'));
  if (!Array.isArray(clients)) throw fault('CLIENTS_FILE is not a JSON array.');
  const { environment } = variables;
  const generated = (clients as readonly unknown[]).some(hasSandboxKey);
  if (generated && environment !== undefined && environment !== 'sandbox') {
    throw fault(`CLIENTS_FILE holds keys generated for the sandbox; ${environment} needs its clients' own.`);
  }
  if (environment !== undefined) check(() => checkClients(clients, environment));
  return clients;
}

function check(checkClients: () => unknown): void {
  try {
    checkClients();
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw fault(`CLIENTS_FILE: ${error instanceof Error ? error.message : 'invalid'}`);
  }
}

/** The sandbox marks its keys in their kid (sandbox/keys.ts). */
function hasSandboxKey(client: unknown): boolean {
  const jwks = isJsonObject(client) ? client['jwks'] : undefined;
  const keys = isJsonObject(jwks) ? jwks['keys'] : undefined;
  return Array.isArray(keys) && (keys as readonly unknown[]).some(isSandboxKey);
}

function isSandboxKey(key: unknown): boolean {
  const kid = isJsonObject(key) ? key['kid'] : undefined;
  return typeof kid === 'string' && kid.startsWith('sandbox-');
}
