import { findInstant, formatInstant } from '../kernel/clock.ts';
import { type Environment, isEnvironment } from '../kernel/environment.ts';
import { type ConsentId, parseConsentId } from '../kernel/ids.ts';
import type { JsonObject } from '../kernel/json.ts';
import { initiationToJson, parseSignedInitiation, type PaymentInitiation } from './initiation.ts';
import { fault, readObject, readText } from './reading/members.ts';
import { isTemplateId, type TemplateId } from './visible-text.ts';

/** What the payer signs without seeing it: the consent, its TPP and its bank, and the facts from which the visible text was made. */
export interface SignedConsentFacts {
  readonly environment: Environment;
  readonly consentId: ConsentId;
  readonly clientId: string;
  readonly tpp: { readonly name: string; readonly authorisationNumber: string };
  /** The bank's client id. */
  readonly bank: string;
  /** Whether the consent named a payer. The number itself is in the signature's certificate. */
  readonly payer: 'bound' | 'unbound';
  readonly orderedAt: Date;
  /** 128 random bits or more, base64url: no two orders sign the same bytes. */
  readonly nonce: string;
  readonly template: TemplateId;
  readonly initiation: PaymentInitiation;
}

/**
 * The bytes for BankID's `userNonVisibleData`: RFC 8785 JSON in UTF-8.
 * @throws TypeError for a text with an unpaired surrogate, which has no such form
 */
export function buildNonVisibleData(facts: SignedConsentFacts): Uint8Array {
  const { clientId, tpp, bank, nonce, initiation } = facts;
  const { creditorName, remittanceInformationUnstructured = '', endToEndIdentification = '' } = initiation;
  const texts = [clientId, tpp.name, tpp.authorisationNumber, bank, nonce, creditorName];
  texts.push(remittanceInformationUnstructured, endToEndIdentification);
  if (!texts.every((text) => text.isWellFormed())) throw new TypeError('a text to be signed has an unpaired surrogate');
  return Buffer.from(JSON.stringify(factsToJson(facts)), 'utf8');
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
export function consentToJson(consent: Omit<SignedConsentFacts, 'nonce' | 'orderedAt' | 'template'>): JsonObject {
  return {
    bank: consent.bank,
    clientId: consent.clientId,
    consentId: consent.consentId,
    environment: consent.environment,
    initiation: initiationToJson(consent.initiation),
    payer: consent.payer,
    tpp: { authorisationNumber: consent.tpp.authorisationNumber, name: consent.tpp.name },
    v: 1,
  };
}

const members = [
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

/** Members in the order of their names' UTF-16 code units, so JSON.stringify writes RFC 8785 (§3.2.3). */
function factsToJson(facts: SignedConsentFacts): JsonObject {
  return {
    bank: facts.bank,
    clientId: facts.clientId,
    consentId: facts.consentId,
    environment: facts.environment,
    initiation: initiationToJson(facts.initiation),
    nonce: facts.nonce,
    orderedAt: formatInstant(facts.orderedAt),
    payer: facts.payer,
    template: facts.template,
    tpp: { authorisationNumber: facts.tpp.authorisationNumber, name: facts.tpp.name },
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

function readFacts(value: unknown): SignedConsentFacts {
  const object = readObject(value, members, '');
  if (object['v'] !== 1) return fault('/v', 'This version is unknown.');
  const tpp = readObject(object['tpp'], ['name', 'authorisationNumber'], '/tpp');
  return {
    environment: readEnvironment(object),
    consentId: parseConsentId(readText(object, 'consentId', '')),
    clientId: readText(object, 'clientId', ''),
    tpp: { name: readText(tpp, 'name', '/tpp'), authorisationNumber: readText(tpp, 'authorisationNumber', '/tpp') },
    bank: readText(object, 'bank', ''),
    payer: readPayer(object),
    orderedAt: readInstant(object),
    nonce: readText(object, 'nonce', ''),
    template: readTemplate(object),
    initiation: parseSignedInitiation(object['initiation'], '/initiation'),
  };
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

function readTemplate(object: JsonObject): TemplateId {
  const value = readText(object, 'template', '');
  return isTemplateId(value) ? value : fault('/template', 'This template is unknown.');
}
