import { MINUTE_MS, SECOND_MS } from '../../../kernel/clock.ts';
import type { Client } from '../../../clients/clients.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import { invalid } from '../../form/form.ts';

const DEFAULT_SECONDS = 180;
const MIN_SECONDS = 30;
const MAX_SECONDS = 600;
/** A positive number. Clients write it as a number, or as a text of digits. */
const DIGITS = /^0*[1-9]\d{0,8}$/;

/**
 * How long the request lives, in milliseconds: what the client wishes, as far as we allow, and never longer than its consents.
 * @throws DomainError `oauth.invalid-request` for what is no positive whole number
 * @see OpenID CIBA Core §7.1
 */
export function checkRequestedExpiry({ requested_expiry: wish }: JsonObject, client: Client): number {
  const seconds = Math.min(Math.max(secondsOf(wish), MIN_SECONDS), MAX_SECONDS);
  return Math.min(seconds * SECOND_MS, client.consentLifetimeMinutes * MINUTE_MS);
}

function secondsOf(wish: unknown): number {
  if (wish === undefined || wish === '') return DEFAULT_SECONDS;
  const isNumber = typeof wish === 'number' && Number.isSafeInteger(wish) && wish > 0;
  if (isNumber || (typeof wish === 'string' && DIGITS.test(wish))) return Number(wish);
  throw invalid('requested_expiry', 'A positive number of seconds is expected.');
}
