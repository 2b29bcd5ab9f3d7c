import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { fault } from './faults.ts';
import type { Variables } from './variables.ts';

const BANKID_HOSTS = { production: 'appapi2.bankid.com', 'bankid-test': 'appapi2.test.bankid.com' } as const;

/** 127.0.0.0/8, ::1 or the name localhost. Other names that resolve to loopback do not count. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
}

export function parseHost(variables: Variables): string {
  const host = variables.get('HOST');
  if (isIP(host) === 0 && host !== 'localhost') throw fault('HOST is not an IP address.');
  if (variables.environment === 'sandbox' && !isLoopback(host)) throw onlyLoopback('HOST');
  return host;
}

/** An origin: the issuer is compared as a string, and `__Host-` cookies belong to a whole host. */
export function parseIssuer(variables: Variables): string {
  const url = parseUrl('ISSUER', variables.get('ISSUER'));
  const { environment } = variables;
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw fault('ISSUER is not an http or https URL.');
  if (variables.get('ISSUER') !== url.origin) throw fault(`ISSUER must be an origin and nothing more: ${url.origin}`);
  if (environment === 'production' && url.protocol !== 'https:') throw fault('ISSUER must be https in production.');
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) throw fault('ISSUER must be https, except on loopback.');
  // A sandbox with TLS may have another name, for a test suite beside it; it still listens on loopback only.
  const isNamed = url.protocol === 'https:' && variables.find('TLS_KEY_FILE') !== undefined;
  if (environment === 'sandbox' && !isNamed && !isLoopback(url.hostname)) throw onlyLoopback('ISSUER');
  return url.origin;
}

/** BankID's own host; in the sandbox, loopback (the simulator). */
export function parseBankIdUrl(variables: Variables): string {
  const url = parseUrl('BANKID_URL', variables.get('BANKID_URL'));
  if (url.protocol !== 'https:') throw fault('BANKID_URL must be https.');
  if (url.username !== '' || url.search !== '' || url.hash !== '')
    throw fault('BANKID_URL must have no user, query or fragment.');
  const { environment } = variables;
  if (environment === 'sandbox' && !isLoopback(url.hostname)) throw onlyLoopback('BANKID_URL');
  if (environment === 'production' || environment === 'bankid-test') {
    const wanted = BANKID_HOSTS[environment];
    if (url.host !== wanted) throw fault(`BANKID_URL must name ${wanted} in ${environment}, not ${url.host}.`);
  }
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}

/** The simulator's pretend app. Outside the sandbox, a launch link always opens BankID's own app. */
export function parseBankIdAppUrl(variables: Variables): { readonly appUrl?: string } {
  const text = variables.find('BANKID_APP_URL');
  if (text === undefined) return {};
  if (!isLoopback(parseUrl('BANKID_APP_URL', text).hostname)) throw onlyLoopback('BANKID_APP_URL');
  return { appUrl: text };
}

/** Addresses or ranges, separated by commas. The range of all addresses is refused: any client could then choose its endUserIp. */
export function parseTrustedProxies(variables: Variables): readonly string[] {
  const entries = (variables.find('TRUSTED_PROXIES') ?? '').split(',').map((entry) => entry.trim());
  return entries.filter((entry) => entry !== '').map(parseProxy);
}

function parseProxy(entry: string): string {
  const isRange = entry.includes('/');
  const valid = isRange ? ipaddr.isValidCIDR(entry) : ipaddr.isValid(entry);
  if (!valid) throw fault(`TRUSTED_PROXIES: ${entry} is neither an address nor a range.`);
  if (isRange && ipaddr.parseCIDR(entry)[1] === 0) throw fault('TRUSTED_PROXIES must not include all addresses.');
  return entry;
}

/** The URL in the variable `name`. @throws ConfigError that does not quote it */
export function parseUrl(name: string, text: string): URL {
  // The text is never quoted: a database URL holds a password.
  if (!URL.canParse(text)) throw fault(`${name} is not a URL.`);
  return new URL(text);
}

/** The error for a URL or address in `name` that is not loopback, in a sandbox. */
export function onlyLoopback(name: string): Error {
  return fault(`${name} is not on this machine; the environment sandbox accepts loopback addresses only.`);
}
