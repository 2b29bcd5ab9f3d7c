import { createHash } from 'node:crypto';
import { errors, exportJWK, jwtVerify, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyResult } from 'jose';
import type { IdentityProvider } from '../../clients/clients.ts';
import { MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts';
import { DomainError, type ErrorCode } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/json.ts';

/** How long ago the person may have logged in at the provider. */
export const LOGGED_IN_WITHIN_MS = 5 * MINUTE_MS;
export const COMPACT_JWS = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;
export const ID_TOKEN_LENGTH = { min: 1, max: 16_384 };
/** Between the provider's clock and ours. */
const CLOCKS_DIFFER_SECONDS = 60;
/** Signatures under a public key, with SHA-256 or a stronger hash. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** A person of a bank, as its provider names them in a token that was verified. */
export interface Signatory {
  readonly issuer: string;
  /** For which the token is. */
  readonly clientId: string;
  /** Unique at the issuer, perhaps only among the tokens for this client; never shown. */
  readonly subject: string;
  readonly isApprover: boolean;
  readonly tokenSha256: Buffer;
  /** The token, and the public key under which its signature verifies: the provider will have forgotten that key in some years. */
  readonly proof: { readonly idToken: string; readonly jwk: JsonObject };
}

/**
 * Verifies what a person of the bank signed through its provider.
 * @param nonce of what was signed
 * @throws DomainError `approval.token-invalid`, `approval.other-order`, `approval.login-too-old`, `approval.provider-unavailable`
 * @see OpenID Connect Core §3.1.3.7, §2 (`nonce`, `auth_time`)
 */
export async function verifyIdToken(
  idToken: string,
  provider: IdentityProvider,
  nonce: string,
  { keys, now }: { readonly keys: JWTVerifyGetKey; readonly now: Date },
): Promise<Signatory> {
  const { payload, key } = await verified(idToken, provider, keys, now);
  // A token for several clients, or issued to another one for this, could have been obtained by that one, over a nonce of its own.
  if (Array.isArray(payload.aud) && payload.aud.length !== 1) throw invalid('It is meant for more than one client.');
  if (![undefined, provider.clientId].includes(payload['azp'] as string | undefined))
    throw invalid('It was issued to another client.');
  if (payload['nonce'] !== nonce) throw new DomainError('approval.other-order');
  checkLoginTime(payload['auth_time'], now);
  // Nothing but a text can be compared with that of another person.
  if (typeof payload.sub !== 'string' || payload.sub === '') throw invalid('It names no person.');
  return {
    issuer: provider.issuer,
    clientId: provider.clientId,
    subject: payload.sub,
    isApprover: hasValue(payload, provider.approver),
    tokenSha256: createHash('sha256').update(idToken).digest(),
    proof: { idToken, jwk: { ...(await exportJWK(key)) } },
  };
}

async function verified(
  idToken: string,
  { issuer, clientId: audience }: IdentityProvider,
  keys: JWTVerifyGetKey,
  currentDate: Date,
): Promise<JWTVerifyResult & { readonly key: Parameters<typeof exportJWK>[0] }> {
  try {
    return await jwtVerify(idToken, keys, {
      algorithms: ALGORITHMS,
      issuer,
      audience,
      currentDate,
      clockTolerance: CLOCKS_DIFFER_SECONDS,
      requiredClaims: ['sub', 'iat', 'exp', 'nonce', 'auth_time'],
    });
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw invalid(reasonOf(error), error);
  }
}

/** What the client may read: it quotes nothing of the token. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'It has expired.';
  if (error instanceof errors.JWTClaimValidationFailed)
    return `Its claim ${error.claim} is missing or not the right one.`;
  if (error instanceof errors.JOSEAlgNotAllowed)
    return 'It is not signed with an asymmetric algorithm that is accepted.';
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey)
    return 'Its signature is under no key of the provider.';
  return 'It is not a signed id_token of the provider.';
}

function checkLoginTime(value: unknown, now: Date): void {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw invalid('Its claim auth_time is not a time.');
  const ageMs = now.getTime() - value * SECOND_MS;
  if (ageMs > LOGGED_IN_WITHIN_MS) throw new DomainError('approval.login-too-old');
  if (ageMs < -CLOCKS_DIFFER_SECONDS * SECOND_MS) throw invalid('Its claim auth_time is a time to come.');
}

function hasValue(payload: JWTPayload, { claim, value }: IdentityProvider['approver']): boolean {
  const given: unknown = Object.hasOwn(payload, claim) ? payload[claim] : undefined;
  return given === value || (Array.isArray(given) && given.includes(value));
}

function invalid(detail: string, cause?: unknown): DomainError {
  const code: ErrorCode = 'approval.token-invalid';
  return new DomainError(code, { detail, cause });
}
