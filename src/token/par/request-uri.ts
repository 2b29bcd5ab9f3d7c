import { hash, randomBytes } from 'node:crypto';

/** An unguessable reference (RFC 9126 §2.2): 256 random bits. */
export function newRequestUri(): string {
  return requestUriOf(randomBytes(32));
}

/** The reference whose secret part is the last 32 of these bytes. */
export function requestUriOf(secret: Buffer): string {
  return `urn:ietf:params:oauth:request_uri:${secret.subarray(-32).toString('base64url')}`;
}

/** The stored form: with read access to the table, an interaction cannot be opened. */
export function hashRequestUri(requestUri: string): Buffer {
  return hash('sha256', requestUri, 'buffer');
}
