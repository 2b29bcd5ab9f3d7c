import { hash } from 'node:crypto';
import { isSignedWith, parseJwt, type Jwt, type JwsAlgorithm } from '../crypto/jose/jws.ts';
import { attempt, Malformed } from '../crypto/malformed.ts';
import { addMs, MINUTE_MS } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import { isJsonObject, type JsonObject } from '../kernel/json.ts';
import { algorithmNamed, algorithmNames } from '../clients/clients.ts';
import { checkBegun, checkIssuedBefore, checkNotExpired, parseNumericDate } from './proof/check-times.ts';
import { isJwtId } from './proof/jwt-id.ts';
import { isMediaType } from './proof/media-type.ts';
import { importProofKey, type ProofKey } from './proof/proof-key.ts';
import { normaliseUri } from './proof/normalise-uri.ts';
import { replayEntry, type Acceptable, type ReplayEntry } from './replay.ts';

/** @see FAPI 2.0 Security Profile §5.4.1 */
export const dpopAlgorithms: readonly string[] = Object.values(algorithmNames).flat();
export const MAX_PROOF_AGE_MS = MINUTE_MS;
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

export interface ProofRequest {
  /** The DPoP header field; Node joins repeated fields with a comma. */
  readonly header: string | readonly string[] | undefined;
  readonly method: string;
  /** Our own URL of the endpoint: issuer and path. */
  readonly uri: string;
  /** The same endpoint at the mTLS alias (RFC 8705 §5). */
  readonly mtlsUri?: string;
  /** At a resource: the access token that came with the proof. */
  readonly accessToken?: string;
  /** If nonces are required: whether this is one of ours. */
  readonly acceptsNonce?: (nonce: unknown) => boolean;
}

export interface DpopProof {
  /** RFC 7638 thumbprint of the key, base64url. */
  readonly jkt: string;
  /** The caller claims it before any work is done. */
  readonly replay: ReplayEntry;
}

/**
 * The checks of RFC 9449 §4.3, with their numbers. Number 10 (nonce) applies if nonces are required;
 * the caller does the second half of number 12, that the token is bound to this key, by comparing {@link DpopProof.jkt}.
 * @throws DomainError `dpop.missing`, `dpop.nonce-required`, or `dpop.invalid` with a detail that names the check
 */
export function checkDpopProof(request: ProofRequest, now: Date): DpopProof {
  const jwt = checkOneHeader(request.header); // 1, 2
  const { header, claims } = jwt;
  const jti = checkRequiredClaims(claims); // 3
  const algorithm = checkAlgorithm(header); // 4, 5
  const { key, jkt } = checkKey(header['jwk'], algorithm); // 7
  if (!isSignedWith(jwt, algorithm, key)) refuse('the signature does not verify with jwk'); // 6
  if (claims['htm'] === undefined) refuse('htm is missing');
  if (claims['htm'] !== request.method) refuse('htm is not the method of this request'); // 8
  checkUri(claims['htu'], request); // 9
  checkNonce(claims['nonce'], request.acceptsNonce); // 10
  const acceptable = checkProofTimes(claims, now); // 11
  checkTokenHash(claims['ath'], request.accessToken); // 12
  return { jkt, replay: replayEntry('dpop', jkt, jti, acceptable) };
}

function checkOneHeader(header: ProofRequest['header']): Jwt {
  if (header === undefined) throw new DomainError('dpop.missing');
  const read = attempt(() => parseJwt(typeof header === 'string' ? header : header.join(',')));
  return read instanceof Malformed ? refuse('there must be one DPoP header with one JWT') : read;
}

function checkRequiredClaims({ jti, iat }: JsonObject): string {
  if (iat === undefined) refuse('iat is missing');
  if (jti === undefined) refuse('jti is missing');
  return isJwtId(jti) ? jti : refuse('jti must be a string of 1 to 256 characters');
}

function checkAlgorithm({ typ, alg }: JsonObject): JwsAlgorithm {
  if (!isMediaType(typ, ['dpop+jwt'])) return refuse('typ is not dpop+jwt');
  return algorithmNamed(alg) ?? refuse('alg is not ES256, PS256, EdDSA or Ed25519');
}

function checkKey(jwk: unknown, algorithm: JwsAlgorithm): ProofKey {
  if (!isJsonObject(jwk)) return refuse('jwk is missing');
  if (PRIVATE_MEMBERS.some((member) => Object.hasOwn(jwk, member))) return refuse('jwk holds a private key');
  return importProofKey(jwk, algorithm) ?? refuse('jwk is not a public key for alg');
}

function checkUri(htu: unknown, { uri, mtlsUri }: ProofRequest): void {
  if (htu === uri) return;
  if (htu === undefined) refuse('htu is missing');
  const claimed = typeof htu === 'string' ? normaliseUri(htu) : undefined;
  const ours = [uri, ...(mtlsUri === undefined ? [] : [mtlsUri])].map(normaliseUri);
  if (claimed === undefined || !ours.includes(claimed))
    refuse('htu is not the URI of this request: the issuer and the path, without a query');
}

function checkNonce(nonce: unknown, accepts: ProofRequest['acceptsNonce']): void {
  if (accepts && !accepts(nonce)) throw new DomainError('dpop.nonce-required');
}

function checkProofTimes({ iat, nbf, exp }: JsonObject, now: Date): Acceptable {
  const issuedAt = parseNumericDate('iat', iat, refuse);
  const from = checkBegun('iat', iat, now, refuse);
  if (issuedAt < addMs(now, -MAX_PROOF_AGE_MS)) refuse('iat is more than 60 seconds ago');
  checkIssuedBefore('nbf', nbf, now, refuse);
  if (exp !== undefined) checkNotExpired(exp, now, refuse);
  // One millisecond after the last moment at which `iat` is accepted.
  return { from, until: addMs(issuedAt, MAX_PROOF_AGE_MS + 1) };
}

function checkTokenHash(ath: unknown, accessToken: string | undefined): void {
  if (accessToken === undefined) return;
  const expected = hash('sha256', accessToken, 'base64url');
  if (ath === undefined) refuse('ath is missing: with an access token, a proof has its hash');
  if (ath !== expected) refuse('ath is not the hash of the access token');
}

function refuse(detail: string): never {
  throw new DomainError('dpop.invalid', { detail });
}
