import { findInstant, formatInstant } from '../kernel/clock.ts';
import { type Environment, isEnvironment } from '../kernel/environment.ts';
import { findLoginId, type LoginId } from '../kernel/ids.ts';
import type { JsonObject, JsonValue } from '../kernel/json.ts';
import { channelToJson, parseChannel } from '../payment/channel.ts';
import { fault, findText, readObject, readText } from '../payment/members.ts';
import { checkPermittedCharacters } from '../payment/permitted-text.ts';
import { BINDING_MESSAGE, CLIENT_ID, CLIENT_NAME_LENGTH, NONCE, SCOPE, SCOPES_LENGTH } from './limits.ts';
import { isLoginTemplate, type VisibleLogin } from './visible-text.ts';

/** What the person signs without seeing it: the login, its client, and all facts from which the visible text is made. */
export interface SignedLoginFacts extends VisibleLogin {
  readonly environment: Environment;
  readonly loginId: LoginId;
  readonly clientId: string;
  /** The scopes asked for, each once, in the order of the request. */
  readonly scopes: readonly string[];
  /** Whether the request named a person. The number itself is in the signature's certificate. */
  readonly payer: 'bound' | 'unbound';
  readonly orderedAt: Date;
  /** 128 random bits, base64url: no two orders sign the same bytes. */
  readonly nonce: string;
}

type OrderFacts = Pick<SignedLoginFacts, 'nonce' | 'orderedAt' | 'template'>;
/** What is the same in all orders of one login. */
type LoginFacts = Omit<SignedLoginFacts, keyof OrderFacts>;

/** Data of a login say so themselves: without this member they are those of a consent. */
export const LOGIN_PURPOSE = 'login';

/** The bytes for BankID's `userNonVisibleData`: RFC 8785 JSON in UTF-8. */
export function buildLoginData(facts: SignedLoginFacts): Uint8Array {
  return Buffer.from(JSON.stringify(factsToJson(facts, facts)), 'utf8');
}

/**
 * Inverse of {@link buildLoginData}. Only its own output is accepted, byte for byte; the data of a consent are not.
 * @throws DomainError `initiation.invalid`, which no client ever reads: signed data come from BankID or from a file
 */
export function parseLoginData(bytes: Uint8Array): SignedLoginFacts {
  const facts = readFacts(parseJson(Buffer.from(bytes).toString('utf8')));
  // Only one form is accepted: this refuses duplicate members, other spellings, white space and broken UTF-8.
  if (!Buffer.from(buildLoginData(facts)).equals(bytes)) fault('', 'These are not the bytes that Sigill writes.');
  return facts;
}

/**
 * login.json: the login in the words of the signed data and of nothing else, so it can be made from them byte for byte.
 * What belongs to one order (nonce, time, template) is left out.
 */
export function loginToJson(login: LoginFacts): JsonObject {
  return factsToJson(login);
}

/** Members in the order of their names' UTF-16 code units, so JSON.stringify writes RFC 8785 (§3.2.3). */
function factsToJson(facts: LoginFacts, order?: OrderFacts): JsonObject {
  return {
    ...(facts.bindingMessage !== undefined && { bindingMessage: facts.bindingMessage }),
    channel: channelToJson(facts.channel),
    clientId: facts.clientId,
    clientName: facts.clientName,
    environment: facts.environment,
    loginId: facts.loginId,
    ...(order && { nonce: order.nonce, orderedAt: formatInstant(order.orderedAt) }),
    payer: facts.payer,
    purpose: LOGIN_PURPOSE,
    scopes: facts.scopes,
    ...(order && { template: order.template }),
    v: 1,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return fault('', 'This is not JSON.');
  }
}

const members = [
  'v',
  'purpose',
  'environment',
  'loginId',
  'clientId',
  'clientName',
  'scopes',
  'channel',
  'bindingMessage',
  'payer',
  'orderedAt',
  'nonce',
  'template',
];

function readFacts(value: unknown): SignedLoginFacts {
  const object = readObject(value, members, '');
  if (object['v'] !== 1) fault('/v', 'This version is unknown.');
  if (object['purpose'] !== LOGIN_PURPOSE) fault('/purpose', 'These are not the data of a login.');
  return {
    environment: read(object, 'environment', findEnvironment),
    loginId: read(object, 'loginId', findLoginId),
    clientId: read(object, 'clientId', (text) => findMatch(text, CLIENT_ID)),
    clientName: readClientName(object),
    scopes: readScopes(object['scopes']),
    channel: parseChannel(object['channel'], '/channel'),
    bindingMessage: findBindingMessage(object),
    payer: read(object, 'payer', (text) => (text === 'bound' || text === 'unbound' ? text : undefined)),
    orderedAt: read(object, 'orderedAt', findInstant),
    nonce: read(object, 'nonce', (text) => findMatch(text, NONCE)),
    template: read(object, 'template', (text) => (isLoginTemplate(text) ? text : undefined)),
  };
}

function read<T>(object: JsonObject, name: string, find: (text: string) => T | undefined): T {
  return find(readText(object, name, '')) ?? fault(`/${name}`, 'This value is unknown.');
}

/** A value of the visible text: with a line break in it, it could look like a line of its own. */
function readClientName(object: JsonObject): string {
  const name = readText(object, 'clientName', '');
  checkPermittedCharacters(name, '/clientName', 2);
  return name.length >= 1 && name.length <= CLIENT_NAME_LENGTH ? name : fault('/clientName', 'This name is too long.');
}

function readScopes(value: JsonValue | undefined): readonly string[] {
  const scopes = Array.isArray(value) ? (value as readonly JsonValue[]) : [];
  const texts = scopes.flatMap((scope) => (typeof scope === 'string' && SCOPE.test(scope) ? [scope] : []));
  const isSound =
    texts.length > 0 &&
    texts.length === scopes.length &&
    new Set(texts).size === texts.length &&
    texts.join(' ').length <= SCOPES_LENGTH;
  return isSound ? texts : fault('/scopes', 'These are not the scopes of a login.');
}

function findBindingMessage(object: JsonObject): string | undefined {
  const message = findText(object, 'bindingMessage', '');
  if (message === undefined) return undefined;
  return findMatch(message, BINDING_MESSAGE) ?? fault('/bindingMessage', 'This is not a binding message.');
}

function findEnvironment(text: string): Environment | undefined {
  return isEnvironment(text) ? text : undefined;
}

function findMatch(text: string, pattern: RegExp): string | undefined {
  return pattern.test(text) ? text : undefined;
}
