import type { AppConfig } from '../../config/config.ts';
import type { Client } from '../../clients/clients.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { PersonalNumber } from '../../kernel/personal-number.ts';
import type { Channel } from '../../payment/channel.ts';
import type { Form } from '../form/form.ts';
import { acrOfLogin } from '../oauth/acr.ts';
import { OPENID } from '../oauth/check-scope.ts';
import { checkClaims, checkOnePerson, checkRequiredAcr, type ClaimsRequest } from './claims-request.ts';
import { claimsWithin, isLoginScope, type Destination } from '../../login/person-claims.ts';

/**
 * Whether a login is asked for, by name. A request that names a payment, however malformed, is never one: a payment whose details
 * were lost must be refused, and not turned into something else that a person may agree to.
 */
export function isLoginRequest(form: Form, client: Client): boolean {
  if (form.isNamed('authorization_details')) return false;
  const asked = scopesIn(form);
  return asked.includes(OPENID) && (client.login?.loginOnly === true || asked.some(isLoginScope));
}

/** What a login asks for. */
export interface RequestedLogin {
  readonly scopes: readonly string[];
  /** Claims that are asked for one by one, as far as the client may ever have them; without the values that were asked for. */
  readonly claims: JsonObject;
  /** The only person who may log in, if one is named. */
  readonly person: PersonalNumber | undefined;
}

/**
 * @param acrs of the configuration
 * @param hinted the person whom a hint names
 * @throws DomainError `oauth.unauthorized-client`, `oauth.invalid-scope`, `oauth.invalid-target`, `oauth.invalid-request`,
 *   `oauth.unmet-authentication-requirements`
 */
export function checkLogin(
  form: Form,
  client: Client,
  channel: Channel,
  acrs: AppConfig['loginAcr'],
  hinted: PersonalNumber | undefined,
): RequestedLogin {
  const scopes = checkLoginScopes(form, client);
  const claims = checkClaims(form);
  checkRequiredAcr(claims, acrOfLogin(acrs, channel));
  return { scopes, claims: permittedClaims(claims, client), person: checkOnePerson(hinted, claims) };
}

/** A claim that the client was not registered for is left out, as one that the person does not have (Core §5.5.1). */
function permittedClaims({ asked }: ClaimsRequest, { login }: Client): JsonObject {
  const permitted = claimsWithin(login?.scopes ?? []);
  const of = (destination: Destination): JsonObject =>
    Object.fromEntries(Object.entries(asked[destination]).filter(([name]) => permitted.has(name)));
  return { userinfo: of('userinfo'), id_token: of('id_token') };
}

/**
 * The scopes of a login, each once, in the order of the request.
 * @throws DomainError `oauth.unauthorized-client`, `oauth.invalid-scope`; `oauth.invalid-target` for a resource, which only payments have
 */
function checkLoginScopes(form: Form, client: Client): readonly string[] {
  const { login } = client;
  if (!login)
    throw new DomainError('oauth.unauthorized-client', { detail: 'This client is not registered for logins.' });
  if (form.isNamed('resource')) {
    throw new DomainError('oauth.invalid-target', { pointer: '/resource', detail: 'A login has no resource.' });
  }
  const allowed: readonly string[] = [OPENID, ...login.scopes];
  const asked = scopesIn(form);
  if (asked.some((scope) => !allowed.includes(scope))) {
    const detail = `For a login, this client may request: ${allowed.join(' ')}.`;
    throw new DomainError('oauth.invalid-scope', { pointer: '/scope', detail });
  }
  return [...new Set(asked)];
}

const scopesIn = (form: Form): readonly string[] => form.find('scope')?.split(' ') ?? [];
