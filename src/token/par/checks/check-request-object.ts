import { DomainError } from '../../../kernel/errors.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import type { Client } from '../../../clients/clients.ts';
import { checkRequestObject } from '../../../client-auth/request-object.ts';
import { Form, invalid } from '../../form/form.ts';

/** The effective parameters, and the signed object that contained them. */
export interface PushedParameters {
  readonly form: Form;
  /** Undefined if the parameters were pushed unsigned. */
  readonly requestObject: SignedRequest | undefined;
}

export interface SignedRequest {
  /** Byte for byte as received. */
  readonly jwt: string;
  /** Names it, if it has a `jti`. */
  readonly jtiHash: Buffer | undefined;
}

/** Claims of the JWT itself, which are not parameters of the request. */
const JWT_CLAIMS = new Set(['iss', 'aud', 'exp', 'nbf', 'iat', 'jti', 'sub']);

/**
 * The parameters of the push: those of the signed request object, if there is one, and then none from outside it.
 * @throws DomainError `oauth.invalid-request` for an unsigned request of a client that must sign, or a request_uri;
 *   `oauth.invalid-request-object`
 * @see RFC 9101 §6.3, RFC 9126 §2.1, §3
 */
export function checkPushedParameters(form: Form, client: Client, issuer: string, now: Date): PushedParameters {
  if (form.find('request_uri') !== undefined) throw invalid('request_uri', 'A request_uri cannot be pushed.');
  const jwt = form.find('request');
  if (jwt === undefined) {
    if (client.requestObjectRequired) throw invalid('request', 'This client must sign its requests.');
    return { form, requestObject: undefined };
  }
  const { claims, jtiHash } = checkRequestObject(jwt, client, issuer, now);
  return { form: Form.of(parametersOf(claims)), requestObject: { jwt, jtiHash } };
}

function parametersOf(claims: JsonObject): readonly (readonly [string, string])[] {
  return Object.entries(claims)
    .filter(([name]) => !JWT_CLAIMS.has(name))
    .map(([name, value]) => [name, parameterText(name, value)]);
}

/** Parameters that are JSON (RFC 9396 §3.1; OpenID Connect Core §5.5); their own checks say what is wrong with them. */
const STRUCTURED: readonly string[] = ['authorization_details', 'claims'];

/** RFC 9101 §4: strings as they are. */
function parameterText(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (STRUCTURED.includes(name)) return JSON.stringify(value);
  throw new DomainError('oauth.invalid-request-object', {
    pointer: '/request',
    detail: /^[a-z_]{1,40}$/.test(name) ? `${name} is not a string` : 'a parameter is not a string',
  });
}
