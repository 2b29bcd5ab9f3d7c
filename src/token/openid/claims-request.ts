import { DomainError } from '../../kernel/errors.ts';
import { isJsonObject, jsonFaultOf, parseJsonText, type JsonObject, type JsonValue } from '../../kernel/json.ts';
import { findPersonalNumber, isCoordinationNumber, type PersonalNumber } from '../../kernel/personal-number.ts';
import { invalid, type Form } from '../form/form.ts';
import {
  COORDINATION_NUMBER_CLAIM,
  PERSONAL_NUMBER_CLAIM,
  personClaims,
  type Destination,
} from '../../login/person-claims.ts';

/** What the parameter `claims` asks for. Claims that are not understood are ignored (OpenID Connect Core §5.5). */
export interface ClaimsRequest {
  /** The only person whom the client wants, named by a value of a claim: binds as `login_hint` does. */
  readonly person: PersonalNumber | undefined;
  /** One of these must be the `acr` of the id_token; undefined: any will do. */
  readonly requiredAcrs: readonly string[] | undefined;
  /** The claims about a person that are asked for one by one, without their values: each null, by destination. */
  readonly asked: Readonly<Record<Destination, JsonObject>>;
}

const NOTHING: ClaimsRequest = { person: undefined, requiredAcrs: undefined, asked: { userinfo: {}, id_token: {} } };

/**
 * The parameter `claims` of a form; it may be absent.
 * @throws DomainError `oauth.invalid-request`
 * @see OpenID Connect Core §5.5
 */
export function checkClaims(form: Form): ClaimsRequest {
  const text = form.find('claims');
  return text === undefined ? NOTHING : parseClaims(parseJson(text));
}

function parseClaims(value: JsonValue): ClaimsRequest {
  if (!isJsonObject(value)) return refuse('This is not a JSON object.');
  const [userinfo, idToken] = [claimsFor(value, 'userinfo'), claimsFor(value, 'id_token')];
  return {
    person: onePerson([...personsIn(userinfo), ...personsIn(idToken)]),
    requiredAcrs: requiredAcrs(idToken['acr']),
    asked: { userinfo: aboutPerson(userinfo), id_token: aboutPerson(idToken) },
  };
}

/** The requested claims of one destination, each null or an object. */
function claimsFor(value: JsonObject, destination: Destination): Readonly<Record<string, JsonObject>> {
  const asked = value[destination] === undefined ? {} : value[destination];
  if (!isJsonObject(asked)) return refuse(`${destination} is not an object.`);
  const claims = Object.entries(asked).map(([name, claim]) => [name, parseClaim(claim)] as const);
  const requested = Object.fromEntries(claims);
  // An answer about another person is forbidden (§3.1.2.2), and our `sub` does not lead to a person.
  if (hasValue(requested['sub'])) refuse('A value of sub is not supported: name the person by a personal number.');
  return requested;
}

function aboutPerson(claims: Readonly<Record<string, JsonObject>>): JsonObject {
  return Object.fromEntries(personClaims.filter((name) => Object.hasOwn(claims, name)).map((name) => [name, null]));
}

function parseClaim(claim: JsonValue): JsonObject {
  if (claim === null) return {};
  if (!isJsonObject(claim)) return refuse('A claim is neither null nor an object.');
  const { essential, value, values } = claim;
  if (essential !== undefined && typeof essential !== 'boolean') refuse('essential is neither true nor false.');
  if (value !== undefined && values !== undefined) refuse('A claim has either value or values.');
  if (values !== undefined && !(Array.isArray(values) && values.length > 0)) refuse('values is not a list of values.');
  return claim;
}

const hasValue = (claim: JsonObject | undefined): boolean => valuesOf(claim ?? {}) !== undefined;

function valuesOf({ value, values }: JsonObject): readonly JsonValue[] | undefined {
  return value === undefined ? (values as readonly JsonValue[] | undefined) : [value];
}

function personsIn(claims: Readonly<Record<string, JsonObject>>): readonly PersonalNumber[] {
  return [PERSONAL_NUMBER_CLAIM, COORDINATION_NUMBER_CLAIM].flatMap((name) => {
    const wantsCoordination = name === COORDINATION_NUMBER_CLAIM;
    return (valuesOf(claims[name] ?? {}) ?? []).map((value) => parsePerson(value, wantsCoordination));
  });
}

/** The value is never echoed. A number of the other kind could never be the value of this claim. */
function parsePerson(value: JsonValue, wantsCoordination: boolean): PersonalNumber {
  const number = typeof value === 'string' ? findPersonalNumber(value) : undefined;
  if (number === undefined || isCoordinationNumber(number) !== wantsCoordination) {
    return refuse('The value of a personal or coordination number is twelve digits with a valid check digit.');
  }
  return number;
}

function onePerson(named: readonly PersonalNumber[]): PersonalNumber | undefined {
  if (new Set(named).size > 1) refuse('Only one person can be named.');
  return named[0];
}

/** @see OpenID Connect Core §5.5.1.1: only an essential acr must be met */
function requiredAcrs(acr: JsonObject | undefined): readonly string[] | undefined {
  const values = acr?.['essential'] === true ? valuesOf(acr) : undefined;
  return values?.map((value) => (typeof value === 'string' ? value : refuse('A value of acr is not a string.')));
}

function parseJson(text: string): JsonValue {
  try {
    return parseJsonText(text);
  } catch (error) {
    return refuse(jsonFaultOf(error));
  }
}

function refuse(detail: string): never {
  throw invalid('claims', detail);
}

/**
 * The level of assurance that the id_token will state is one that the client accepts.
 * @throws DomainError `oauth.unmet-authentication-requirements`
 * @see OpenID Connect Core §5.5.1.1; OpenID Connect Core Error Code unmet_authentication_requirements §3
 */
export function checkRequiredAcr({ requiredAcrs: required }: ClaimsRequest, acr: string): void {
  if (required === undefined || required.includes(acr)) return;
  const detail = `The acr of this request will be ${acr}.`;
  throw new DomainError('oauth.unmet-authentication-requirements', { pointer: '/claims', detail });
}

/**
 * The only person who may sign, as login_hint and claims name them.
 * @throws DomainError `oauth.invalid-request` if they name two
 */
export function checkOnePerson(
  hinted: PersonalNumber | undefined,
  { person }: ClaimsRequest,
): PersonalNumber | undefined {
  if (hinted !== undefined && person !== undefined && hinted !== person) refuse('login_hint names another person.');
  return hinted ?? person;
}
