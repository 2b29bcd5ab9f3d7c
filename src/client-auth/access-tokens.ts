import { hash, randomBytes } from 'node:crypto';
import { violatesUniqueIndex } from '../database/database-errors.ts';
import type { ClientId, ConsentId, LoginId } from '../kernel/ids.ts';
import type { TokenBinding } from './token-binding.ts';

/**
 * Access tokens are opaque, stored as SHA-256 and bound to the key or certificate of their holder (RFC 9449 §6, RFC 8705 §3).
 * `consent`: for one payment. `login`: for one login; it opens /userinfo and nothing else. `machine`: issued by client_credentials.
 */
export type AccessToken = ConsentToken | LoginToken | MachineToken;

export interface ConsentToken extends TokenFacts {
  readonly kind: 'consent';
  /** The bank of the consent: the token's `aud`. */
  readonly bank: ClientId;
  readonly consentId: ConsentId;
}

export interface LoginToken extends TokenFacts {
  readonly kind: 'login';
  readonly loginId: LoginId;
  /** As granted, space-separated; it holds `openid`. */
  readonly scope: string;
}

export interface MachineToken extends TokenFacts {
  readonly kind: 'machine';
  readonly bank: ClientId | undefined;
  /** Space-separated (RFC 6749 §3.3). */
  readonly scope: string;
}

interface TokenFacts {
  /** SHA-256 of the token. */
  readonly hash: Buffer;
  readonly clientId: ClientId;
  readonly binding: TokenBinding;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

/** 256 random bits, base64url; also used for authorization codes. */
export function newOpaqueToken(): string {
  return randomBytes(32).toString('base64url');
}

/** The stored form of a token. Tokens have full entropy, so a plain hash is enough. */
export function hashToken(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

const ONE_TOKEN = ['access_token_consent_id_key', 'access_token_login_id_key'];

/**
 * Runs a statement that issues the one token of a consent or a login. A row that was altered may lead to one that has its token already:
 * then nothing is issued, and the answer is `otherwise`.
 */
export async function issueOnce<T, O>(issue: () => Promise<T>, otherwise: O): Promise<T | O> {
  try {
    return await issue();
  } catch (error) {
    if (ONE_TOKEN.some((index) => violatesUniqueIndex(error, index))) return otherwise;
    throw error;
  }
}

export {
  findLiveAccessToken,
  insertAccessToken,
  revokeAccessToken,
  revokeTokenOfLogin,
  revokeTokensIssuedBefore,
  revokeTokensOfConsent,
} from './tokens/access-token.repository.ts';
