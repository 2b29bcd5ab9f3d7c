import type { Environment } from '../../kernel/environment.ts';
import { isJsonObject } from '../../kernel/json.ts';
import { findJsonFault } from '../../kernel/text/json-fault.ts';
import { ConfigError } from '../config.ts';
import type { RpCertificates } from '../rp-certificates.ts';
import { fault } from './faults.ts';
import type { Variables } from './variables.ts';

/**
 * Throws if `clients` does not accept the content of CLIENTS_FILE in this environment and with this ring of RP certificates, which is
 * undefined where it has faults of its own.
 */
export type ClientsCheck = (clients: unknown, environment: Environment, ring?: RpCertificates) => unknown;

/** The entries of CLIENTS_FILE, an array or an object that has it as "clients". It has only public keys, so others may read it. */
export function parseClientsFile(variables: Variables, checkClients: ClientsCheck): readonly unknown[] {
  const text = variables.readFile('CLIENTS_FILE').toString('utf8');
  const broken = findJsonFault(text);
  if (broken) throw fault(`CLIENTS_FILE, line ${broken.line}, column ${broken.column}: ${broken.problem}.`);
  const clients: unknown = JSON.parse(text);
  const { environment } = variables;
  if (environment !== undefined) check(() => checkClients(clients, environment));
  const entries = isJsonObject(clients) ? clients['clients'] : clients;
  if (!Array.isArray(entries)) throw fault('CLIENTS_FILE has no array of clients.');
  return entries;
}

function check(checkClients: () => unknown): void {
  try {
    checkClients();
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw fault(`CLIENTS_FILE: ${error instanceof Error ? error.message : 'invalid'}`);
  }
}
