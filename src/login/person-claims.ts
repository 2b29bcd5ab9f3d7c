import { loginScopes, type LoginScope } from '../clients/payer-ways.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Person } from './login.ts';
import { isCoordinationNumber, type PersonalNumber } from '../kernel/personal-number.ts';

export const PERSONAL_NUMBER_CLAIM = 'https://id.oidc.se/claim/personalIdentityNumber';
export const COORDINATION_NUMBER_CLAIM = 'https://id.oidc.se/claim/coordinationNumber';

/** Claims about a person that the verified certificate holds. @see Swedish OpenID Connect Claims and Scopes 1.0 §2.1; Core §5.1 */
export const personClaims = [
  'name',
  'given_name',
  'family_name',
  'birthdate',
  PERSONAL_NUMBER_CLAIM,
  COORDINATION_NUMBER_CLAIM,
] as const;
export type PersonClaim = (typeof personClaims)[number];

/** Where a claim is delivered (OpenID Connect Core §5.5). */
export const destinations = ['userinfo', 'id_token'] as const;
export type Destination = (typeof destinations)[number];

/**
 * What each scope asks for, and where it is delivered. `middle_name` is in no certificate.
 * @see Swedish OpenID Connect Claims and Scopes 1.0 §3.1, §3.2
 */
const claimsOfScope: Readonly<Record<LoginScope, Readonly<Record<Destination, readonly PersonClaim[]>>>> = {
  'https://id.oidc.se/scope/naturalPersonInfo': {
    userinfo: ['name', 'given_name', 'family_name', 'birthdate'],
    id_token: [],
  },
  'https://id.oidc.se/scope/naturalPersonNumber': {
    userinfo: [PERSONAL_NUMBER_CLAIM, COORDINATION_NUMBER_CLAIM],
    id_token: [PERSONAL_NUMBER_CLAIM, COORDINATION_NUMBER_CLAIM],
  },
};

export function isLoginScope(scope: string): scope is LoginScope {
  return (loginScopes as readonly string[]).includes(scope);
}

/** All claims that a client of these scopes may ever be given, one by one too. */
export function claimsWithin(scopes: readonly LoginScope[]): ReadonlySet<string> {
  return new Set(scopes.flatMap((scope) => claimsOfScope[scope].userinfo));
}

/** What was asked of one destination, by scope or one by one. */
export function requestedClaims(
  { scopes, claims }: { readonly scopes: readonly string[]; readonly claims: JsonObject | undefined },
  destination: Destination,
): readonly PersonClaim[] {
  const byScope = scopes.filter(isLoginScope).flatMap((scope) => claimsOfScope[scope][destination]);
  const byName = Object.keys((claims?.[destination] ?? {}) as JsonObject);
  return personClaims.filter((claim) => byScope.includes(claim) || byName.includes(claim));
}

/** A personal or coordination number, whichever the person has: never in a JWT that is not encrypted. */
export function isNumberClaim(claim: PersonClaim): boolean {
  return claim === PERSONAL_NUMBER_CLAIM || claim === COORDINATION_NUMBER_CLAIM;
}

/** The values of these claims. One that the person does not have is left out: of the two numbers always one (§3.2). */
export function claimsOf(person: Person, claims: readonly PersonClaim[]): Readonly<Record<string, string>> {
  const all = valuesOf(person);
  const entries = claims.map((claim) => [claim, all[claim]] as const);
  return Object.fromEntries(
    entries.filter((entry): entry is [PersonClaim, string] => entry[1] !== undefined && entry[1] !== ''),
  );
}

function valuesOf({
  personalNumber,
  name,
  givenName,
  surname,
}: Person): Readonly<Partial<Record<PersonClaim, string>>> {
  const numberClaim = isCoordinationNumber(personalNumber) ? COORDINATION_NUMBER_CLAIM : PERSONAL_NUMBER_CLAIM;
  return {
    name,
    given_name: givenName,
    family_name: surname,
    birthdate: birthdateOf(personalNumber),
    [numberClaim]: personalNumber,
  };
}

/**
 * `YYYY-MM-DD`; the year alone where month or day are not known, as of some coordination numbers.
 * @see OpenID Connect Core §5.1
 */
function birthdateOf(number: PersonalNumber): string {
  const year = number.slice(0, 4);
  const month = number.slice(4, 6);
  const day = Number(number.slice(6, 8)) - (isCoordinationNumber(number) ? 60 : 0);
  return month === '00' || day === 0 ? year : `${year}-${month}-${String(day).padStart(2, '0')}`;
}
