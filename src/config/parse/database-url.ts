import { Secret } from '../../kernel/secret.ts';
import { isLoopback, onlyLoopback, parseUrl } from './addresses.ts';
import { fault } from './faults.ts';
import { parseCertificates } from './tls.ts';
import type { Variables } from './variables.ts';

/** The name by which the sandbox's own PostgreSQL is known; see sandbox/. */
const EMBEDDED_DATABASE = /^\/sigill_sandbox/;
/** What the driver would follow besides the address: another server, or another way to verify it. */
const OVERLOOKED = ['host', 'hostaddr', 'port', 'ssl', 'sslrootcert', 'sslnegotiation', 'uselibpqcompat'];

type DatabaseVariable = 'DATABASE_URL' | 'MIGRATION_DATABASE_URL';

/**
 * The database's address with all that the driver needs to know, so that no caller can leave out how the server is
 * verified. Only a Unix socket or this machine itself is reached without TLS; everywhere else the certificate and the
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
  if (isUnixSocket(url)) throw fault(`${name} leads to a Unix socket, which DATABASE_CA_FILE cannot vouch for.`);
  if (mode !== 'verify-full' && (mode !== undefined || caFile === undefined)) {
    throw fault(`${name} needs sslmode=verify-full: only a Unix socket or this machine is reached with less.`);
  }
  url.searchParams.set('sslmode', 'verify-full');
  if (caFile !== undefined) url.searchParams.set('sslrootcert', caFile);
  return new Secret(url.href);
}

/** Node's own switch, which would make every certificate good: the database's, BankID's and every other. */
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
      `${name} has "${overlooked}" in its query, where it is easily overlooked; host and port stand before the database, the authority in DATABASE_CA_FILE.`,
    );
  }
  if (environment === 'sandbox' && !isLoopback(url.hostname)) throw onlyLoopback(name);
  if (environment !== undefined && environment !== 'sandbox' && EMBEDDED_DATABASE.test(url.pathname)) {
    throw fault(`${name} names the sandbox's embedded database; ${environment} needs one of its own.`);
  }
}

/** Of a parameter that is given twice the driver takes the last, a reader the first. */
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

/** The driver takes a percent-encoded path for a host as the folder of a socket. */
function isUnixSocket(url: URL): boolean {
  return /^%2f/i.test(url.hostname);
}
