import { ConfigError } from '../config/config.ts';
import type { RpCertificates } from '../config/rp-certificates.ts';
import type { Environment } from '../kernel/environment.ts';
import type { ClientId } from '../kernel/ids.ts';
import { DomainError } from '../kernel/errors.ts';
import { isJsonObject, type JsonObject } from '../kernel/json.ts';
import { checkPermittedText } from '../payment/permitted-text.ts';
import { roles, type Client, type Role } from './clients.ts';
import { checkCertificates } from './certificates/check-certificates.ts';
import {
  AUTHORISATION_NUMBER,
  AUTHORISATION_NUMBER_FORM,
  ID,
  ID_FORM,
  LAST_MONTH,
  lifetimeMinutes,
  MAX_NAME,
  WEB_URI,
} from './members/forms.ts';
import { isOfRole, memberNames, members, type MemberName } from './members/members.ts';
import { Faults, type ClientFault } from './parse/faults.ts';
import { checkAmounts, parseBankPolicy } from './parse/bank/parse-bank-policy.ts';
import { parseIdentityProvider } from './parse/bank/parse-identity-provider.ts';
import { parseLedger } from './parse/bank/parse-ledger.ts';
import { parseEncryptionKey } from './parse/parse-encryption-key.ts';
import { parseKeys } from './parse/parse-keys.ts';
import { parsePayerWays } from './parse/parse-payer-ways.ts';
import { parseRates } from './parse/parse-rates.ts';
import { parseTlsSubject } from './parse/parse-tls-subject.ts';
import { parseRedirectUris, parseResource } from './parse/parse-uris.ts';
import { parseFlag, parseText, parseWhole } from './parse/parse-words.ts';

/** The clients of a document, or its faults; with a fault, the clients are not to be used. */
export interface ReadClients {
  readonly clients: readonly Client[];
  readonly faults: readonly ClientFault[];
}

/**
 * Reads the JSON of CLIENTS_FILE. In production every redirect URI is https; elsewhere, http on a loopback address is allowed.
 * @param ring the RP certificates that clients may name; undefined where they are not to be compared
 * @throws ConfigError with all faults
 * @see RFC 7591 §2 for the meaning of `jwks` and `redirect_uris`
 */
export function parseClients(value: unknown, environment: Environment, ring?: RpCertificates): readonly Client[] {
  const { clients, faults } = readClients(value, environment, ring);
  if (faults.length > 0)
    throw new ConfigError(
      faults.map(({ pointer, problem }) => ['CLIENTS_FILE', pointer, problem].filter(Boolean).join(' ')),
    );
  return clients;
}

/** The same with the faults as values, each at its JSON pointer. */
export function readClients(value: unknown, environment: Environment, ring?: RpCertificates): ReadClients {
  const faults = new Faults();
  const document = isJsonObject(value) ? value : undefined;
  if (document) faults.addUnknown(document, new Set(['$schema', 'clients']));
  const entries = document ? document['clients'] : value;
  const here = document ? faults.at('/clients') : faults;
  if (document?.['$schema'] !== undefined && typeof document['$schema'] !== 'string')
    faults.addForm('/$schema', document['$schema'], 'the address of a JSON Schema');
  if (!Array.isArray(entries)) {
    here.addForm(
      '',
      entries,
      document ? 'an array of clients' : 'an array of clients, or an object that has it as "clients"',
    );
    return { clients: [], faults: faults.list };
  }
  const clients = entries.map((entry: unknown, index) => parseClient(entry, environment, here.at(`/${index}`)));
  checkTogether(clients, here);
  if (ring) checkCertificates(clients, ring, here);
  return { clients, faults: faults.list };
}

function parseClient(entry: unknown, environment: Environment, faults: Faults): Client {
  if (isJsonObject(entry)) return parseMembers(entry, environment, faults);
  faults.addForm('', entry, 'an object: a client');
  // Its members are all missing, which need not be said too.
  return parseMembers({}, environment, new Faults());
}

function parseMembers(object: JsonObject, environment: Environment, faults: Faults): Client {
  faults.addUnknown(object, memberNames);
  const role = parseRole(object['role'], faults);
  checkMembers(object, role, faults);
  const at = (member: MemberName): Faults => faults.at(`/${member}`);
  return {
    id: parseText(object['id'], { pattern: ID }, ID_FORM, at('id')) as ClientId,
    name: parseName(object['name'], at('name')),
    authorisationNumber: parseAuthorisationNumber(object, role, at('authorisationNumber')),
    role,
    bank:
      role === 'auditor'
        ? (parseText(object['bank'], { pattern: ID }, 'the id of a bank', at('bank')) as ClientId)
        : undefined,
    keys: parseSigningKeys(object, environment, at('jwks')),
    tlsSubject: parseTlsSubject(object['tlsClientAuth'], at('tlsClientAuth')),
    encryptionKey: parseEncryptionKey(object['encryptionJwk'], at('encryptionJwk')),
    redirectUris: parseRedirectUris(object, role, environment, at('redirectUris')),
    resource: role === 'bank' ? parseResource(object['resource'], at('resource')) : undefined,
    ...(role === 'bank' && parseBankPolicy(object['policy'], at('policy'))),
    ...(role === 'bank' && parseLedger(object['ledger'], environment, at('ledger'))),
    ...(role === 'bank' && parseIdentityProvider(object['identityProvider'], environment, at('identityProvider'))),
    ...(role === 'bank' && parseYearEnd(object['financialYearEnd'], at('financialYearEnd'))),
    ...(role === 'bank' && parseMaxAmounts(object['rpCallMaxAmounts'], at('rpCallMaxAmounts'))),
    ...(role === 'tpp' && parseDefaultResource(object['defaultResource'], at('defaultResource'))),
    consentLifetimeMinutes: parseLifetime(object['consentLifetimeMinutes'], at('consentLifetimeMinutes')),
    ...parseRates(object['requestsPerMinute'], at('requestsPerMinute')),
    dpopRequired: parseFlag(object['dpopRequired'], at('dpopRequired')),
    dpopBoundAccessTokens: parseFlag(object['dpopBoundAccessTokens'], at('dpopBoundAccessTokens')),
    requestObjectRequired: parseFlag(object['requestObjectRequired'], at('requestObjectRequired')),
    ...parsePayerWays(object, role, environment, faults),
  };
}

function parseRole(value: unknown, faults: Faults): Role {
  const role = roles.find((known) => known === value);
  if (!role) faults.addForm('/role', value, `one of ${roles.join(', ')}`);
  return role ?? 'tpp';
}

/** A member that belongs to other roles would be ignored. Redirect URIs have a check of their own. */
function checkMembers(object: JsonObject, role: Role, faults: Faults): void {
  if (object['role'] !== role) return;
  for (const member of Object.keys(members) as MemberName[]) {
    if (member === 'redirectUris' || object[member] === undefined || isOfRole(member, role)) continue;
    faults.add(`/${member}`, `does not belong to the role ${role}, only to ${members[member].roles.join(', ')}`);
  }
}

/** The payer reads the names of TPP and bank in the signed text, so they must keep to the rules of that text. */
function parseName(value: unknown, faults: Faults): string {
  const name = parseText(value, { pattern: /^[^]+$/, max: MAX_NAME }, `a name of 1 to ${MAX_NAME} characters`, faults);
  if (name.length > MAX_NAME) faults.addBeyondSchema('', `has more than ${MAX_NAME} characters, as UTF-16 counts them`);
  try {
    if (name !== '') checkPermittedText(name, '');
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    faults.addBeyondSchema('', `cannot be shown to a payer: ${error.detail ?? 'it is not permitted'}`);
  }
  return name;
}

/** It is the number of a payment service provider, which a client that only lets persons log in must not seem to be. */
function parseAuthorisationNumber({ authorisationNumber: value }: JsonObject, role: Role, faults: Faults): string {
  if (role === 'rp' || (role === 'auditor' && value === undefined)) return '';
  return parseText(value, { pattern: AUTHORISATION_NUMBER }, AUTHORISATION_NUMBER_FORM, faults);
}

function parseYearEnd(value: unknown, faults: Faults): Pick<Client, 'financialYearEnd'> {
  return value === undefined ? {} : { financialYearEnd: parseWhole(value, { min: 1, max: LAST_MONTH }, faults) };
}

function parseMaxAmounts(value: unknown, faults: Faults): Pick<Client, 'rpCallMaxAmounts'> {
  if (value === undefined) return {};
  checkAmounts(value, faults);
  return { rpCallMaxAmounts: value as NonNullable<Client['rpCallMaxAmounts']> };
}

function parseDefaultResource(value: unknown, faults: Faults): Pick<Client, 'defaultResource'> {
  if (value === undefined) return {};
  return { defaultResource: parseText(value, { pattern: WEB_URI }, 'the resource of a registered bank', faults) };
}

function parseLifetime(value: unknown, faults: Faults): number {
  return value === undefined ? lifetimeMinutes.default : parseWhole(value, lifetimeMinutes, faults);
}

/** A client that authenticates by certificate and signs no requests may omit its keys; backchannel requests are signed. */
function parseSigningKeys(object: JsonObject, environment: Environment, faults: Faults): Client['keys'] {
  const mustSign = object['requestObjectRequired'] === true || object['backchannel'] !== undefined;
  const isKnownByCertificate = object['tlsClientAuth'] !== undefined && !mustSign;
  if (object['jwks'] === undefined && isKnownByCertificate) return [];
  return parseKeys(object['jwks'], environment, faults);
}

function checkTogether(clients: readonly Client[], faults: Faults): void {
  const banks = clients.filter((client) => client.role === 'bank');
  const ids = new Set<string>();
  const resources = new Set<string>();
  clients.forEach(({ id, resource, bank, defaultResource }, index) => {
    const here = faults.at(`/${index}`);
    if (id !== '' && ids.has(id)) here.addBeyondSchema('/id', 'is registered twice; each client needs its own');
    if (resource && resources.has(resource))
      here.addBeyondSchema('/resource', 'is registered twice; each bank needs its own');
    if (bank && !banks.some((one) => one.id === bank)) here.addBeyondSchema('/bank', 'is the id of no registered bank');
    if (defaultResource && !banks.some((one) => one.resource === defaultResource))
      here.addBeyondSchema('/defaultResource', 'is the resource of no registered bank');
    ids.add(id);
    if (resource) resources.add(resource);
  });
}
