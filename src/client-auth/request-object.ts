import { hash } from 'node:crypto';
import { claimsOf, parseJws } from '../crypto/jose/jws.ts';
import { attempt, Malformed } from '../crypto/malformed.ts';
import { addMs, MINUTE_MS } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/json.ts';
import { checkClientSignature } from './proof/client-signature.ts';
import type { Client } from '../clients/clients.ts';
import { checkIssuedBefore, checkNotExpired, parseNumericDate } from './proof/check-times.ts';
import { isJwtId } from './proof/jwt-id.ts';

/** The longest lifetime of a request object, and the greatest age of its `nbf`. */
export const MAX_OBJECT_MS = 60 * MINUTE_MS;
/** RFC 9101 §10.8 registers the first; FAPI clients also omit typ or write JWT. */
const TYPES = ['oauth-authz-req+jwt', 'jwt'];

/** A signed authorization request that is genuine. */
export interface CheckedRequestObject {
  readonly claims: JsonObject;
  /** Of client and `jti`, which two clients may choose alike. Undefined without `jti`, which no standard requires. */
  readonly jtiHash: Buffer | undefined;
}

/** A signed backchannel request that is genuine. */
export interface CheckedBackchannelRequest extends CheckedRequestObject {
  readonly jtiHash: Buffer;
}

/**
 * A signed authorization request of this client. Does not claim its `jti`: the push does, in the statement that stores it.
 * @param issuer our issuer, which must be `aud` or one of its members
 * @throws DomainError `oauth.invalid-request-object`
 * @see RFC 9101 §4, §6; FAPI 2.0 Message Signing §5.3.1
 */
export function checkRequestObject(jwt: string, client: Client, issuer: string, now: Date): CheckedRequestObject {
  const claims = readGenuine(jwt, client, issuer, now);
  const { client_id: clientId, jti } = claims;
  if (clientId !== client.id) refuse('client_id is not that of the client');
  if (jti !== undefined && typeof jti !== 'string') refuse('jti is not a string');
  return { claims, jtiHash: jti === undefined ? undefined : hashJti(jti, client) };
}

/**
 * A signed backchannel request of this client, which says when it was made and has a `jti`. Does not claim the `jti`.
 * @param issuer our issuer, which must be `aud` or one of its members
 * @throws DomainError `oauth.invalid-request-object`
 * @see OpenID CIBA Core §7.1.1; FAPI-CIBA §5.2.2
 */
export function checkBackchannelRequest(
  jwt: string,
  client: Client,
  issuer: string,
  now: Date,
): CheckedBackchannelRequest {
  const claims = readGenuine(jwt, client, issuer, now);
  const { client_id: clientId, iat, jti } = claims;
  // CIBA Core does not name it; iss says the same.
  if (clientId !== undefined && clientId !== client.id) refuse('client_id is not that of the client');
  if (iat === undefined) refuse('iat is missing');
  if (!isJwtId(jti)) return refuse('jti must be a string of 1 to 256 characters');
  return { claims, jtiHash: hashJti(jti, client) };
}

function readGenuine(jwt: string, client: Client, issuer: string, now: Date): JsonObject {
  const jws = read(() => parseJws(jwt), 'this is not a JWT');
  checkClientSignature(jws, client, TYPES, refuse);
  const claims = read(() => claimsOf(jws), 'the payload is not a JSON object');
  if (claims['iss'] !== client.id) refuse('iss is not the client_id');
  checkAudience(claims['aud'], issuer);
  // A client assertion must never be accepted as a request object, or vice versa (RFC 9101 §10.8).
  if (claims['sub'] === client.id) refuse('sub makes this a client assertion');
  checkTimes(claims, now);
  for (const name of ['request', 'request_uri']) {
    if (claims[name] !== undefined) refuse(`${name} is not allowed in a request object`);
  }
  return claims;
}

function hashJti(jti: string, client: Client): Buffer {
  return hash('sha256', JSON.stringify([client.id, jti]), 'buffer');
}

function read<T>(reader: () => T, otherwise: string): T {
  const result = attempt(reader);
  return result instanceof Malformed ? refuse(otherwise) : result;
}

/** One string, or an array of them (RFC 7519 §4.1.3). */
function checkAudience(aud: unknown, issuer: string): void {
  const audiences: readonly unknown[] = [aud].flat();
  if (!audiences.every((one) => typeof one === 'string')) refuse('aud is neither a string nor an array of strings');
  if (!audiences.includes(issuer)) refuse('aud is not the issuer');
}

function checkTimes({ exp, nbf, iat }: JsonObject, now: Date): void {
  if (nbf === undefined) refuse('nbf is missing');
  const notBefore = parseNumericDate('nbf', nbf, refuse);
  const expiresAt = checkNotExpired(exp, now, refuse);
  checkIssuedBefore('nbf', nbf, now, refuse);
  checkIssuedBefore('iat', iat, now, refuse);
  if (expiresAt <= notBefore) refuse('exp is not after nbf');
  if (notBefore < addMs(now, -MAX_OBJECT_MS)) refuse('nbf is more than 60 minutes ago');
  if (expiresAt > addMs(notBefore, MAX_OBJECT_MS)) refuse('exp is more than 60 minutes after nbf');
}

function refuse(detail: string): never {
  throw new DomainError('oauth.invalid-request-object', { pointer: '/request', detail });
}
