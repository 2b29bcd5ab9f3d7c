import { Secret } from '../../kernel/secret.ts';
import { isLoopback, onlyLoopback, parseUrl } from './addresses.ts';
import { fault } from './faults.ts';
import { parseCertificates } from './tls.ts';
import type { Variables } from './variables.ts';

/** The name of the sandbox's own PostgreSQL; see sandbox/. */
const EMBEDDED_DATABASE = /^\/sigill_sandbox/;
/** Query parameters that would send the driver to another server, or verify it in another way. */
const OVERLOOKED = ['host', 'hostaddr', 'port', 'ssl', 'sslrootcert', 'sslnegotiation', 'uselibpqcompat'];

type DatabaseVariable = 'DATABASE_URL' | 'MIGRATION_DATABASE_URL' | 'STEWARD_DATABASE_URL' | 'APPROVER_DATABASE_URL';

/**
 * The database's URL with all that the driver needs, so that no caller can omit how the server is
 * verified. Only a Unix socket or loopback is reached without TLS; everywhere else the certificate and the
 * name in it are verified (libpq's verify-full), against DATABASE_CA_FILE or the authorities that Node trusts.
 * @throws ConfigError
 */
export function parseDatabaseUrl(variables: Variables, name: DatabaseVariable): Secret {
  const text = variables.getSecret(name);
  const url = parseUrl(name, text);
  checkAddress(variables, name, url);
  const mode = parseSslMode(name, url);
  const caFile = findCaFile(variables);
  const isLocal = isLoopback(url.hostname) || isUnixSocket(url);
  if (isLocal && caFile === undefined) return new Secret(text);
  if (isUnixSocket(url)) throw fault(`${name} names a Unix socket, for which DATABASE_CA_FILE has no use.`);
  if (mode !== 'verify-full' && (mode !== undefined || caFile === undefined)) {
    throw fault(`${name} needs sslmode=verify-full, unless it names a Unix socket or loopback.`);
  }
  url.searchParams.set('sslmode', 'verify-full');
  if (caFile !== undefined) url.searchParams.set('sslrootcert', caFile);
  return new Secret(url.href);
}

/** Node's own switch, which would accept every certificate: the database's, BankID's and any other. */
export function checkTlsIsVerified(variables: Variables): void {
  if (variables.environment !== 'sandbox' && variables.find('NODE_TLS_REJECT_UNAUTHORIZED') === '0') {
    throw fault('NODE_TLS_REJECT_UNAUTHORIZED=0 would accept every certificate.');
  }
}

function checkAddress({ environment }: Variables, name: DatabaseVariable, url: URL): void {
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:')
    throw fault(`${name} is not a postgres:// address.`);
  if (url.hostname === '') throw fault(`${name} names no host.`);
  const overlooked = OVERLOOKED.find((key) => url.searchParams.has(key));
  if (overlooked !== undefined) {
    throw fault(
      `${name} has "${overlooked}" in its query, where it is easily overlooked; write host and port before the database, and the authority in DATABASE_CA_FILE.`,
    );
  }
  if (environment === 'sandbox' && !isLoopback(url.hostname)) throw onlyLoopback(name);
  if (environment !== undefined && environment !== 'sandbox' && EMBEDDED_DATABASE.test(url.pathname)) {
    throw fault(`${name} names the sandbox's embedded database; ${environment} needs one of its own.`);
  }
}

/** Refuses a duplicate parameter: the driver would take the last, a reader the first. */
function parseSslMode(name: DatabaseVariable, url: URL): string | undefined {
  const [mode, second] = url.searchParams.getAll('sslmode');
  if (second !== undefined) throw fault(`${name} has two sslmodes; only one of them can be meant.`);
  return mode;
}

function findCaFile(variables: Variables): string | undefined {
  const file = variables.find('DATABASE_CA_FILE');
  if (file !== undefined)
    parseCertificates('DATABASE_CA_FILE', variables.readFile('DATABASE_CA_FILE').toString('utf8'));
  return file;
}

/** The driver takes a percent-encoded path in place of the host as the folder of a socket. */
function isUnixSocket(url: URL): boolean {
  return /^%2f/i.test(url.hostname);
}
