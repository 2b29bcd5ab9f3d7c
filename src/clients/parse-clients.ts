import { ConfigError } from '../config/config.ts';
import type { RpCertificates } from '../config/rp-certificates.ts';
import type { Environment } from '../kernel/environment.ts';
import type { ClientId } from '../kernel/ids.ts';
import { DomainError } from '../kernel/errors.ts';
import { isJsonObject, type JsonObject } from '../kernel/json.ts';
import { checkPermittedText } from '../payment/permitted-text.ts';
import { roles, type Client, type Role } from './clients.ts';
import { checkCertificates } from './certificates/check-certificates.ts';
import { Faults } from './parse/faults.ts';
import { checkAmounts, parseBankPolicy } from './parse/parse-bank-policy.ts';
import { parseEncryptionKey } from './parse/parse-encryption-key.ts';
import { parseKeys } from './parse/parse-keys.ts';
import { parsePayerWays, payerWayMembers } from './parse/parse-payer-ways.ts';
import { parseRates } from './parse/parse-rates.ts';
import { parseTlsSubject } from './parse/parse-tls-subject.ts';
import { parseRedirectUris, parseResource } from './parse/parse-uris.ts';

const MEMBERS: ReadonlySet<string> = new Set([
  'id',
  'name',
  'authorisationNumber',
  'role',
  'bank',
  'jwks',
  'redirectUris',
  'resource',
  'policy',
  'rpCallMaxAmounts',
  'defaultResource',
  'consentLifetimeMinutes',
  'requestsPerMinute',
  'dpopRequired',
  'dpopBoundAccessTokens',
  'requestObjectRequired',
  'tlsClientAuth',
  'encryptionJwk',
  ...payerWayMembers,
]);
type Flag = 'dpopRequired' | 'dpopBoundAccessTokens' | 'requestObjectRequired';
const ID = /^[A-Za-z0-9][A-Za-z0-9._~-]{0,63}$/;
const AUTHORISATION_NUMBER = /^[A-Za-z0-9][A-Za-z0-9./-]{2,63}$/;
const DEFAULT_LIFETIME_MINUTES = 15;

/**
 * Reads the JSON of CLIENTS_FILE. In production every redirect URI is https; elsewhere, http on a loopback address is allowed.
 * @param ring the RP certificates that clients may name; undefined where they are not to be compared
 * @throws ConfigError with all faults
 * @see RFC 7591 §2 for the meaning of `jwks` and `redirect_uris`
 */
export function parseClients(value: unknown, environment: Environment, ring?: RpCertificates): readonly Client[] {
  if (!Array.isArray(value)) throw new ConfigError(['CLIENTS_FILE is not a JSON array']);
  const faults = new Faults([], 'CLIENTS_FILE ');
  const clients = value.map((entry: unknown, index) => parseClient(entry, environment, faults.at(`/${index}`)));
  checkTogether(clients, faults);
  if (ring) checkCertificates(clients, ring, faults);
  if (faults.list.length > 0) throw new ConfigError(faults.list);
  return clients;
}

function parseClient(entry: unknown, environment: Environment, faults: Faults): Client {
  const object = isJsonObject(entry) ? entry : {};
  if (!isJsonObject(entry)) faults.add('', 'is not an object');
  faults.addUnknown(object, MEMBERS);
  const role = parseRole(object['role'], faults);
  return {
    id: matching(object, 'id', ID, faults) as ClientId,
    name: parseName(object['name'], faults),
    authorisationNumber: parseAuthorisationNumber(object, role, faults),
    role,
    bank: ofRole(role === 'auditor', object, 'bank', faults, () => matching(object, 'bank', ID, faults) as ClientId),
    keys: parseSigningKeys(object, faults),
    tlsSubject: parseTlsSubject(object['tlsClientAuth'], faults),
    encryptionKey: parseEncryptionKey(object['encryptionJwk'], faults),
    redirectUris: parseRedirectUris(object, role, environment, faults.at('/redirectUris')),
    resource: ofRole(role === 'bank', object, 'resource', faults, () => parseResource(object['resource'], faults)),
    ...ofRole(role === 'bank', object, 'policy', faults, () => parseBankPolicy(object['policy'], faults.at('/policy'))),
    ...parseMaxAmounts(object, role, faults),
    ...parseDefaultResource(object, role, faults),
    consentLifetimeMinutes: parseLifetime(object['consentLifetimeMinutes'], faults),
    ...parseRates(object['requestsPerMinute'], faults.at('/requestsPerMinute')),
    dpopRequired: parseFlag(object, 'dpopRequired', faults),
    dpopBoundAccessTokens: parseFlag(object, 'dpopBoundAccessTokens', faults),
    requestObjectRequired: parseFlag(object, 'requestObjectRequired', faults),
    ...parsePayerWays(object, role, environment, faults),
  };
}

function parseRole(value: unknown, faults: Faults): Role {
  const role = roles.find((known) => known === value);
  if (!role) faults.add('/role', `is none of ${roles.join(', ')}`);
  return role ?? 'tpp';
}

/** The payer reads the names of TPP and bank in the signed text, so they must keep to the rules of that text. */
function parseName(value: unknown, faults: Faults): string {
  if (typeof value !== 'string' || value === '' || value.length > 70)
    return faults.add('/name', 'is not a name of 1 to 70 characters');
  try {
    checkPermittedText(value, '');
    return value;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return faults.add('/name', `cannot be shown to a payer: ${error.detail ?? 'it is not permitted'}`);
  }
}

function parseAuthorisationNumber(object: JsonObject, role: Role, faults: Faults): string {
  if (role === 'auditor' && object['authorisationNumber'] === undefined) return '';
  // It is the number of a payment service provider, which a client with this role must not seem to be.
  if (role === 'rp') return ofRole(false, object, 'authorisationNumber', faults, () => '') ?? '';
  return matching(object, 'authorisationNumber', AUTHORISATION_NUMBER, faults);
}

function parseMaxAmounts(object: JsonObject, role: Role, faults: Faults): Pick<Client, 'rpCallMaxAmounts'> {
  const value = ofRole(role === 'bank', object, 'rpCallMaxAmounts', faults, () => object['rpCallMaxAmounts']);
  if (value === undefined) return {};
  checkAmounts(value, faults.at('/rpCallMaxAmounts'));
  return { rpCallMaxAmounts: value as NonNullable<Client['rpCallMaxAmounts']> };
}

function parseDefaultResource(object: JsonObject, role: Role, faults: Faults): Pick<Client, 'defaultResource'> {
  const value = ofRole(role === 'tpp', object, 'defaultResource', faults, () => object['defaultResource']);
  if (value === undefined) return {};
  return { defaultResource: typeof value === 'string' ? value : faults.add('/defaultResource', 'is not a string') };
}

function parseLifetime(value: unknown, faults: Faults): number {
  if (value === undefined) return DEFAULT_LIFETIME_MINUTES;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 5 && value <= 60) return value;
  faults.add('/consentLifetimeMinutes', 'is not a whole number from 5 to 60');
  return DEFAULT_LIFETIME_MINUTES;
}

/** A client that authenticates by certificate and signs no requests may omit its keys; backchannel requests are signed. */
function parseSigningKeys(object: JsonObject, faults: Faults): Client['keys'] {
  const mustSign = object['requestObjectRequired'] === true || object['backchannel'] !== undefined;
  const isKnownByCertificate = object['tlsClientAuth'] !== undefined && !mustSign;
  if (object['jwks'] === undefined && isKnownByCertificate) return [];
  return parseKeys(object['jwks'], faults.at('/jwks'));
}

function parseFlag(object: JsonObject, member: Flag, faults: Faults): boolean {
  const value = object[member];
  if (value !== undefined && typeof value !== 'boolean') faults.add(`/${member}`, 'is not true or false');
  return value === true;
}

function matching(object: JsonObject, member: string, pattern: RegExp, faults: Faults): string {
  const value = object[member];
  if (typeof value === 'string' && pattern.test(value)) return value;
  return faults.add(`/${member}`, value === undefined ? 'is missing' : 'is malformed');
}

/** A member that belongs to one role is read for that role and refused for others. */
function ofRole<T>(belongs: boolean, object: JsonObject, member: string, faults: Faults, read: () => T): T | undefined {
  if (belongs) return read();
  if (object[member] !== undefined) faults.add(`/${member}`, 'does not belong to this role');
  return undefined;
}

function checkTogether(clients: readonly Client[], faults: Faults): void {
  const banks = new Set(clients.filter((client) => client.role === 'bank').map((client) => client.id));
  const ids = new Set<string>();
  const resources = new Set<string>();
  clients.forEach((client, index) => {
    const here = faults.at(`/${index}`);
    if (client.id !== '' && ids.has(client.id)) here.add('/id', 'is registered twice');
    if (client.resource && resources.has(client.resource)) here.add('/resource', 'is registered twice');
    if (client.bank && !banks.has(client.bank)) here.add('/bank', 'is not a registered bank');
    ids.add(client.id);
    if (client.resource) resources.add(client.resource);
  });
}
