import { hash } from 'node:crypto';
import type { PersonalNumber } from '../../kernel/personal-number.ts';
import type { Envelope } from '../../platform/envelope.ts';
import type { BrowserCookie } from '../browser-cookie.ts';

const PAYER = 'payer';

/** A cookie has full entropy: a plain hash serves. */
export function cookieHash(cookie: BrowserCookie): Buffer {
  return hash('sha256', cookie, 'buffer');
}

export function nonceHash(nonce: string): Buffer {
  return hash('sha256', nonce, 'buffer');
}

/** A personal number could be found by trying, so that its hash is keyed. */
export function payerHash(envelope: Envelope, payer: PersonalNumber): Buffer {
  return envelope.lookupHash(PAYER, payer);
}

/** Under every lookup key there is: what an older key wrote is found as well. */
export function payerHashes(envelope: Envelope, payer: PersonalNumber): Buffer[] {
  return envelope.lookupHashes(PAYER, payer);
}
