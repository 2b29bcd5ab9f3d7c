import { hash, randomBytes } from 'node:crypto';

/** A reference that cannot be guessed (RFC 9126 §2.2): 256 random bits. */
export function newRequestUri(): string {
  return requestUriOf(randomBytes(32));
}

/** The reference whose secret these bytes end with: 32 random ones. */
export function requestUriOf(secret: Buffer): string {
  return `urn:ietf:params:oauth:request_uri:${secret.subarray(-32).toString('base64url')}`;
}

/** What is stored and looked up: reading the table opens no interaction. */
export function hashRequestUri(requestUri: string): Buffer {
  return hash('sha256', requestUri, 'buffer');
}
