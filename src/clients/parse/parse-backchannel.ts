import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import type { Environment } from '../../kernel/environment.ts';
import { parseUri } from '../../kernel/web/uri.ts';
import { isRedirectUri } from '../redirect-uri.ts';
import { backchannelWays, type Backchannel } from '../payer-ways.ts';
import { HTTPS_URI, MAX_ENDPOINT, MAX_RETURN_URI, MAX_RETURN_URIS, RETURN_URI, WEB_URI } from '../members/forms.ts';
import type { Faults } from './faults.ts';
import { parseText, parseWord, parseWords } from './parse-words.ts';
import { problemOf } from './parse-uris.ts';

const MEMBERS: ReadonlySet<string> = new Set(['ways', 'delivery', 'notificationEndpoint', 'returnUris']);
const deliveries = ['poll', 'ping'] as const;

/** `backchannel`: by which ways its requests reach the payer, and how the client learns of the outcome (OpenID CIBA Core §4). */
export function parseBackchannel(value: unknown, environment: Environment, faults: Faults): Backchannel {
  if (!isJsonObject(value)) {
    faults.addForm('', value, 'an object with ways and delivery');
    return { ways: [], delivery: 'poll', returnUris: [] };
  }
  faults.addUnknown(value, MEMBERS);
  const ways = parseWords(value['ways'], backchannelWays, faults.at('/ways'));
  const delivery = parseWord(value['delivery'], deliveries, faults.at('/delivery'));
  return {
    ways,
    delivery,
    ...parseEndpoint(value, delivery, faults.at('/notificationEndpoint')),
    returnUris: parseReturnUris(value['returnUris'], ways.includes('app'), environment, faults.at('/returnUris')),
  };
}

/** Pings carry a bearer token, so they are sent over TLS. */
function parseEndpoint(
  { notificationEndpoint: value }: JsonObject,
  delivery: Backchannel['delivery'],
  faults: Faults,
): Pick<Backchannel, 'notificationEndpoint'> {
  if (delivery === 'poll') {
    if (value !== undefined) faults.add('', 'belongs to the delivery ping, not to poll');
    return {};
  }
  const right = `an https URI of at most ${MAX_ENDPOINT} characters, without fragment`;
  const notificationEndpoint = parseText(value, { pattern: HTTPS_URI, max: MAX_ENDPOINT }, right, faults);
  if (notificationEndpoint !== '' && !isRedirectUri(notificationEndpoint, 'production'))
    faults.addBeyondSchema('', problemOf(notificationEndpoint, 'production'));
  return { notificationEndpoint };
}

/**
 * Where the BankID app opens the client's app again: an https URI that the app has claimed, or a scheme of the app's own with a
 * dot in it (RFC 8252 §7.1, §7.2). Anyone may claim such a scheme, which gains nothing: the nonce counts only under the key of
 * the request.
 */
function parseReturnUris(
  value: unknown,
  hasApp: boolean,
  environment: Environment,
  faults: Faults,
): Backchannel['returnUris'] {
  if (!hasApp) {
    if (value !== undefined) faults.add('', 'belongs to the way app, which ways does not have');
    return [];
  }
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_RETURN_URIS) {
    faults.addForm('', value, `an array of 1 to ${MAX_RETURN_URIS} URIs, each once`);
    return [];
  }
  if (new Set(value).size !== value.length) faults.add('', 'has a URI twice; each may stand once');
  return value.map((uri: unknown, index) => parseReturnUri(uri, environment, faults.at(`/${index}`)));
}

function parseReturnUri(uri: unknown, environment: Environment, faults: Faults): string {
  const right = `an https URI or one with a scheme of the app, with a dot in it; of at most ${MAX_RETURN_URI} characters, without fragment`;
  const text = parseText(uri, { pattern: RETURN_URI, max: MAX_RETURN_URI }, right, faults);
  if (text === '') return text;
  const isWeb = WEB_URI.test(text);
  if (isWeb && !isRedirectUri(text, environment)) faults.addBeyondSchema('', problemOf(text, environment));
  if (!isWeb && !parseUri(text)) faults.addBeyondSchema('', 'is not a URI');
  if (parseUri(text)?.searchParams.has('sigill_nonce'))
    faults.addBeyondSchema('', 'has sigill_nonce, which is added to it; leave it out');
  return text;
}
