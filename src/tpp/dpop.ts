import { createHash } from 'node:crypto';
import {
  calculateJwkThumbprint,
  compactVerify,
  decodeJwt,
  decodeProtectedHeader,
  EmbeddedJWK,
  type JWK,
  type JWTPayload,
} from 'jose';
import { addMs, MINUTE_MS } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import { algorithmNames } from './clients.ts';
import { checkIssuedBefore, checkNotExpired, parseNumericDate } from './proof/check-times.ts';
import { isJwtId } from './proof/jwt-id.ts';
import { normaliseUri } from './proof/request-uri.ts';
import { replayEntry, type ReplayEntry } from './replay.ts';

/** @see FAPI 2.0 Security Profile §5.4.1 */
export const dpopAlgorithms: readonly string[] = Object.values(algorithmNames).flat();
const MAX_AGE_MS = MINUTE_MS;
const COMPACT_JWT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

export interface ProofRequest {
  /** The DPoP header field; node joins repeated fields with a comma. */
  readonly header: string | readonly string[] | undefined;
  readonly method: string;
  /** Our own URL of the endpoint: issuer and path. */
  readonly uri: string;
  /** The same endpoint under the name where client certificates are asked for (RFC 8705 §5). */
  readonly mtlsUri?: string;
  /** At a resource: the access token that came with the proof. */
  readonly accessToken?: string;
  /** Where nonces are required: whether this is one of ours. */
  readonly acceptsNonce?: (nonce: unknown) => boolean;
}

export interface DpopProof {
  /** RFC 7638 thumbprint of the key, base64url. */
  readonly jkt: string;
  /** To be burnt by the caller, in the transaction of what the proof is for. */
  readonly replay: ReplayEntry;
}

/**
 * The checks of RFC 9449 §4.3, numbered as there. Number 10 (nonce) is made where nonces are given;
 * the second half of number 12, that the token is bound to this key, is the caller's: compare {@link DpopProof.jkt}.
 * @throws DomainError `dpop.missing`, `dpop.nonce-required`, or `dpop.invalid` with a detail that names the check
 */
export async function checkDpopProof(request: ProofRequest, now: Date): Promise<DpopProof> {
  const proof = checkOneHeader(request.header); // 1, 2
  const claims = readClaims(proof);
  checkRequiredClaims(claims); // 3
  const jwk = checkProofHeader(proof); // 4, 5, 7
  await checkProofSignature(proof); // 6
  if (claims['htm'] !== request.method) refuse('htm is not the method of this request'); // 8
  checkUri(claims['htu'], request); // 9
  checkNonce(claims['nonce'], request.acceptsNonce); // 10
  const expiresAt = checkProofTimes(claims, now); // 11
  checkTokenHash(claims['ath'], request.accessToken); // 12
  const jkt = await calculateJwkThumbprint(jwk, 'sha256');
  return { jkt, replay: replayEntry('dpop', jkt, claims.jti ?? '', expiresAt) };
}

function checkOneHeader(header: ProofRequest['header']): string {
  if (header === undefined) throw new DomainError('dpop.missing');
  const proof = typeof header === 'string' ? header : header.join(',');
  return COMPACT_JWT.test(proof) ? proof : refuse('there must be one DPoP header with one JWT');
}

function readClaims(proof: string): JWTPayload {
  try {
    return decodeJwt(proof);
  } catch {
    return refuse('the proof is not a JWT');
  }
}

function checkRequiredClaims(claims: JWTPayload): void {
  if (!isJwtId(claims.jti)) refuse('jti must be a string of 1 to 256 characters');
  if (claims.iat === undefined) refuse('iat is missing');
}

function checkProofHeader(proof: string): JWK {
  const { typ, alg, jwk } = readHeader(proof);
  if (typ !== 'dpop+jwt') return refuse('typ is not dpop+jwt');
  if (!dpopAlgorithms.some((algorithm) => algorithm === alg)) return refuse('alg is not ES256, PS256 or EdDSA');
  if (jwk === undefined || typeof jwk !== 'object') return refuse('jwk is missing');
  if (PRIVATE_MEMBERS.some((member) => Object.hasOwn(jwk, member))) return refuse('jwk holds a private key');
  return jwk;
}

function readHeader(proof: string): { readonly typ?: unknown; readonly alg?: unknown; readonly jwk?: JWK } {
  try {
    return decodeProtectedHeader(proof);
  } catch {
    return refuse('the proof is not a JWT');
  }
}

async function checkProofSignature(proof: string): Promise<void> {
  try {
    // jose itself refuses an RSA key below 2048 bits and a key of another algorithm.
    await compactVerify(proof, EmbeddedJWK, { algorithms: [...dpopAlgorithms] });
  } catch {
    refuse('the signature does not verify with jwk');
  }
}

function checkUri(htu: unknown, { uri, mtlsUri }: ProofRequest): void {
  const claimed = typeof htu === 'string' ? normaliseUri(htu) : undefined;
  const ours = [uri, ...(mtlsUri === undefined ? [] : [mtlsUri])].map(normaliseUri);
  if (claimed === undefined || !ours.includes(claimed)) refuse('htu is not the URI of this request');
}

function checkNonce(nonce: unknown, accepts: ProofRequest['acceptsNonce']): void {
  if (accepts && !accepts(nonce)) throw new DomainError('dpop.nonce-required');
}

function checkProofTimes(claims: JWTPayload, now: Date): Date {
  const issuedAt = parseNumericDate('iat', claims.iat, refuse);
  checkIssuedBefore('iat', claims.iat, now, refuse);
  if (issuedAt < addMs(now, -MAX_AGE_MS)) refuse('iat is more than 60 seconds ago');
  checkIssuedBefore('nbf', claims.nbf, now, refuse);
  if (claims.exp !== undefined) checkNotExpired(claims.exp, now, refuse);
  // One millisecond beyond the last moment at which `iat` would still do.
  return addMs(issuedAt, MAX_AGE_MS + 1);
}

function checkTokenHash(ath: unknown, accessToken: string | undefined): void {
  if (accessToken === undefined) return;
  const expected = createHash('sha256').update(accessToken, 'ascii').digest('base64url');
  if (ath !== expected) refuse('ath is not the hash of the access token');
}

function refuse(detail: string): never {
  throw new DomainError('dpop.invalid', { detail });
}
