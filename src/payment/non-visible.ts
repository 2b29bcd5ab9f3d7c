import { findInstant, formatInstant } from '../kernel/clock.ts';
import { type Environment, isEnvironment } from '../kernel/environment.ts';
import { type ConsentId, parseConsentId } from '../kernel/ids.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../kernel/json.ts';
import { channelToJson, parseChannel } from './channel.ts';
import {
  checkAttestation,
  parseSignedVerification,
  verificationToJson,
  type CreditorNameVerification,
} from './creditor-name-verification.ts';
import { initiationToJson, parseSignedInitiation, type PaymentInitiation } from './initiation.ts';
import { checkPermittedCharacters } from './permitted-text.ts';
import { fault, memberPointer, readObject, readText } from './members.ts';
import type { TemplateVersion } from './templates/tables.ts';
import type { VisibleFacts1 } from './templates/version-1.ts';
import type { VisibleFacts2 } from './templates/version-2.ts';
import { isTemplate1, isTemplateId, type TemplateId, versionOf } from './visible-text.ts';

interface HiddenFacts {
  readonly environment: Environment;
  readonly consentId: ConsentId;
  readonly clientId: string;
  /** The bank's client id. */
  readonly bank: string;
  /** Whether the consent named a payer. The number itself is in the signature's certificate. */
  readonly payer: 'bound' | 'unbound';
  readonly orderedAt: Date;
  /** 128 random bits or more, base64url: no two orders sign the same bytes. */
  readonly nonce: string;
}

/** What the payer signs without seeing it: the consent, its TPP and its bank, and all facts from which the visible text is made. */
export type SignedConsentFacts = SignedFacts1 | SignedFacts2;
export type SignedFacts1 = HiddenFacts & VisibleFacts1;
export type SignedFacts2 = HiddenFacts & VisibleFacts2;

type OrderFacts = Pick<SignedConsentFacts, 'nonce' | 'orderedAt' | 'template'>;
/** What is the same in all orders of one consent. */
type ConsentFacts = Omit<SignedFacts1, keyof OrderFacts> | Omit<SignedFacts2, keyof OrderFacts>;

/**
 * The bytes for BankID's `userNonVisibleData`: RFC 8785 JSON in UTF-8.
 * @throws TypeError for a text with an unpaired surrogate, which has no such form
 */
export function buildNonVisibleData(facts: SignedConsentFacts): Uint8Array {
  const json = factsToJson(facts, facts);
  if (!isWellFormed(json)) throw new TypeError('a text to be signed has an unpaired surrogate');
  return Buffer.from(JSON.stringify(json), 'utf8');
}

/**
 * Inverse of {@link buildNonVisibleData}. Only its own output is accepted, byte for byte.
 * @throws DomainError `initiation.invalid`
 */
export function parseNonVisibleData(bytes: Uint8Array): SignedConsentFacts {
  const text = Buffer.from(bytes).toString('utf8');
  const facts = readFacts(parseJson(text));
  // Only one form is accepted: this refuses duplicate members, other spellings of numbers and accounts, white space and broken UTF-8.
  if (!Buffer.from(buildNonVisibleData(facts)).equals(bytes)) fault('', 'These are not the bytes that Sigill writes.');
  return facts;
}

/**
 * consent.json: the consent in the words of the signed data and of nothing else, so it can be made from them byte for byte.
 * What belongs to one order (nonce, time, template) is left out.
 */
export function consentToJson(consent: ConsentFacts): JsonObject {
  return factsToJson(consent);
}

/** Members in the order of their names' UTF-16 code units, so JSON.stringify writes RFC 8785 (§3.2.3). */
function factsToJson(facts: ConsentFacts, order?: OrderFacts): JsonObject {
  return {
    bank: facts.bank,
    ...('channel' in facts && { bankName: facts.bankName, channel: channelToJson(facts.channel) }),
    clientId: facts.clientId,
    consentId: facts.consentId,
    ...('channel' in facts &&
      facts.creditorNameVerification && {
        creditorNameVerification: verificationToJson(facts.creditorNameVerification),
      }),
    environment: facts.environment,
    initiation: initiationToJson(facts.initiation),
    ...(order && { nonce: order.nonce, orderedAt: formatInstant(order.orderedAt) }),
    payer: facts.payer,
    ...(order && { template: order.template }),
    tpp: { authorisationNumber: facts.tpp.authorisationNumber, name: facts.tpp.name },
    v: 'channel' in facts ? 2 : 1,
  };
}

function isWellFormed(value: JsonValue): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  return value === null || typeof value !== 'object' || Object.values(value).every(isWellFormed);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return fault('', 'This is not JSON.');
  }
}

const members1 = [
  'v',
  'environment',
  'consentId',
  'clientId',
  'tpp',
  'bank',
  'payer',
  'orderedAt',
  'nonce',
  'template',
  'initiation',
];
const members: Readonly<Record<TemplateVersion, readonly string[]>> = {
  1: members1,
  2: [...members1, 'bankName', 'channel', 'creditorNameVerification'],
};

function readFacts(value: unknown): SignedConsentFacts {
  const version = readVersion(value);
  const object = readObject(value, members[version], '');
  const template = readTemplate(object, version);
  const tpp = readObject(object['tpp'], ['name', 'authorisationNumber'], '/tpp');
  const line = (of: JsonObject, name: string, pointer: string): string => readLine(of, name, pointer, version);
  const facts = {
    environment: readEnvironment(object),
    consentId: parseConsentId(readText(object, 'consentId', '')),
    clientId: readText(object, 'clientId', ''),
    tpp: { name: line(tpp, 'name', '/tpp'), authorisationNumber: line(tpp, 'authorisationNumber', '/tpp') },
    bank: readText(object, 'bank', ''),
    payer: readPayer(object),
    orderedAt: readInstant(object),
    nonce: readText(object, 'nonce', ''),
    initiation: parseSignedInitiation(object['initiation'], '/initiation', version),
  };
  if (isTemplate1(template)) return { ...facts, template };
  return {
    ...facts,
    template,
    bankName: line(object, 'bankName', ''),
    channel: parseChannel(object['channel'], '/channel'),
    creditorNameVerification: findVerification(object, facts.initiation),
  };
}

/** A value of the visible text: with a line break in it, it could look like a line of its own. */
function readLine(object: JsonObject, name: string, pointer: string, version: TemplateVersion): string {
  const value = readText(object, name, pointer);
  checkPermittedCharacters(value, memberPointer(pointer, name), version);
  return value;
}

function findVerification(object: JsonObject, initiation: PaymentInitiation): CreditorNameVerification | undefined {
  const name = 'creditorNameVerification';
  if (!Object.hasOwn(object, name)) return undefined;
  const verification = parseSignedVerification(object[name], `/${name}`);
  checkAttestation(verification, initiation, `/${name}`);
  return verification;
}

function readVersion(value: unknown): TemplateVersion {
  const version = isJsonObject(value) ? value['v'] : undefined;
  return version === 1 || version === 2 ? version : fault('/v', 'This version is unknown.');
}

/** The data and the text have the same version. */
function readTemplate(object: JsonObject, version: TemplateVersion): TemplateId {
  const value = readText(object, 'template', '');
  const isKnown = isTemplateId(value) && versionOf(value) === version;
  return isKnown ? value : fault('/template', 'This version has no such template.');
}

function readEnvironment(object: JsonObject): Environment {
  const value = readText(object, 'environment', '');
  return isEnvironment(value) ? value : fault('/environment', 'This environment is unknown.');
}

function readPayer(object: JsonObject): 'bound' | 'unbound' {
  const value = readText(object, 'payer', '');
  return value === 'bound' || value === 'unbound'
    ? value
    : fault('/payer', 'Either bound or unbound is expected here.');
}

function readInstant(object: JsonObject): Date {
  return findInstant(readText(object, 'orderedAt', '')) ?? fault('/orderedAt', 'This is not a time.');
}
