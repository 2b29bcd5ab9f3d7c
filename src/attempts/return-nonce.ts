import { hash, randomBytes } from 'node:crypto';

/** The query parameter with which BankID returns to an app. */
const PARAMETER = 'sigill_nonce';

/** What the returnUrl of an order carries, and the browser or app that comes back must present: 256 random bits. Only its hash is stored. */
export function newReturnNonce(): string {
  return randomBytes(32).toString('base64url');
}

export function nonceHash(nonce: string): Buffer {
  return hash('sha256', nonce, 'buffer');
}

/** The address at which an app is opened again, with the nonce in its query. @param returnUri as registered: https, or a scheme of the app */
export function withReturnNonce(returnUri: string, nonce: string): string {
  const url = new URL(returnUri);
  url.searchParams.append(PARAMETER, nonce);
  return url.href;
}
