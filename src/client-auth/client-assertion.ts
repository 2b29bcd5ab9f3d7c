import { parseJwt, type Jwt } from '../crypto/jose/jws.ts';
import { attempt, Malformed } from '../crypto/malformed.ts';
import { addMs, latest, MINUTE_MS } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/json.ts';
import { noteClaimedClient } from '../operations/current-request.ts';
import { checkClientSignature, NO_SUCH_SIGNATURE } from './proof/client-signature.ts';
import type { Client, Clients } from '../clients/clients.ts';
import { checkIssuedBefore, checkNotExpired } from './proof/check-times.ts';
import { isJwtId } from './proof/jwt-id.ts';
import { replayEntry, type Acceptable, type ReplayEntry } from './replay.ts';

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** The latest `exp`, from now: the claim of the jti is kept until then. */
export const MAX_ASSERTION_MS = 10 * MINUTE_MS;
/** RFC 7519 §5.1, and the type that draft-ietf-oauth-rfc7523bis registers. Anything else is a JWT for another purpose. */
const TYPES = ['jwt', 'client-authentication+jwt'];

export interface AssertionForm {
  readonly clientId: string | undefined;
  readonly assertionType: string | undefined;
  readonly assertion: string | undefined;
}

export interface AuthenticatedClient {
  readonly client: Client;
  /** The caller claims it before any work is done; undefined for a client certificate, which cannot be replayed. */
  readonly replay: ReplayEntry | undefined;
}

/**
 * Authenticates a client by private_key_jwt. Does not claim the `jti`: the caller does, {@link AuthenticatedClient.replay}.
 * @param audiencesOf what `aud` may be for this client here, as a string: our issuer, and seldom more
 * @throws DomainError `client.assertion-invalid` with a detail that names the claim at fault
 * @see RFC 7523 §3; FAPI 2.0 Security Profile §5.3.2.1
 */
export function checkClientAssertion(
  form: AssertionForm,
  clients: Clients,
  audiencesOf: (client: Client) => readonly string[],
  now: Date,
): AuthenticatedClient {
  const jwt = readAssertion(checkForm(form));
  const { claims } = jwt;
  const client = checkSubject(claims, form.clientId, clients);
  checkClientSignature(jwt, client, TYPES, refuse);
  // An array is refused even if our issuer is its only member: the assertion must not be valid elsewhere.
  const { aud } = claims;
  if (typeof aud !== 'string') refuse('aud must be the issuer as a string: it is missing, or a list');
  if (!audiencesOf(client).includes(aud)) refuse('aud must be the issuer, as a string');
  const acceptable = checkTimes(claims, now);
  const jti = claims['jti'];
  if (jti === undefined) return refuse('jti is missing');
  if (!isJwtId(jti)) return refuse('jti must be a string of 1 to 256 characters');
  return { client, replay: replayEntry('assertion', client.id, jti, acceptable) };
}

function checkTimes({ exp, iat, nbf }: JsonObject, now: Date): Acceptable {
  const until = checkNotExpired(exp, now, refuse);
  const from = addMs(until, -MAX_ASSERTION_MS);
  if (from > now) refuse('exp is more than 10 minutes in the future');
  const issued = checkIssuedBefore('iat', iat, now, refuse) ?? from;
  const valid = checkIssuedBefore('nbf', nbf, now, refuse) ?? from;
  return { from: latest(from, issued, valid), until };
}

function checkForm(form: AssertionForm): string {
  const { assertionType, assertion } = form;
  if (assertionType === undefined && assertion === undefined)
    refuse('there is no client authentication: client_assertion_type and client_assertion are missing');
  if (assertionType === undefined) refuse('client_assertion_type is missing');
  if (assertionType !== ASSERTION_TYPE) refuse(`client_assertion_type is not ${ASSERTION_TYPE}`);
  return assertion ?? refuse('client_assertion is missing');
}

function readAssertion(assertion: string): Jwt {
  const read = attempt(() => parseJwt(assertion));
  return read instanceof Malformed ? refuse('client_assertion is not a JWT') : read;
}

/** An unregistered client gets the same answer as a wrong signature, so ids cannot be guessed. */
function checkSubject({ iss, sub }: JsonObject, clientId: string | undefined, clients: Clients): Client {
  if (iss === undefined || sub === undefined) return refuse('iss or sub is missing: both must be the client_id');
  if (typeof sub !== 'string' || iss !== sub) return refuse('iss and sub must both be the client_id');
  if (clientId !== undefined && clientId !== sub) return refuse('client_id is not that of the assertion');
  const client = clients.findClient(sub);
  noteClaimedClient(client?.id);
  if (client?.tlsSubject) return refuse('this client authenticates by its certificate');
  return client ?? refuse(NO_SUCH_SIGNATURE);
}

function refuse(detail: string): never {
  throw new DomainError('client.assertion-invalid', { detail });
}
