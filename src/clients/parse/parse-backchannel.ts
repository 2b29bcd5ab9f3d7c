import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import type { Environment } from '../../kernel/environment.ts';
import { parseUri } from '../../kernel/web/uri.ts';
import { isRedirectUri } from '../redirect-uri.ts';
import { backchannelWays, type Backchannel } from '../payer-ways.ts';
import type { Faults } from './faults.ts';
import { parseWords } from './parse-words.ts';

const MEMBERS: ReadonlySet<string> = new Set(['ways', 'delivery', 'notificationEndpoint', 'returnUris']);
/** BankID's limit for a `returnUrl`, less `?sigill_nonce=` and the 43 characters of the nonce. */
const MAX_RETURN_URI = 512 - 57;
const MAX_RETURN_URIS = 20;
const MAX_ENDPOINT = 2000;

/** `backchannel`: by which ways its requests reach the payer, and how the client learns of the outcome (OpenID CIBA Core §4). */
export function parseBackchannel(value: unknown, environment: Environment, faults: Faults): Backchannel {
  if (!isJsonObject(value)) {
    faults.add('', 'is not an object');
    return { ways: [], delivery: 'poll', returnUris: [] };
  }
  faults.addUnknown(value, MEMBERS);
  const ways = parseWords(value['ways'], backchannelWays, faults.at('/ways'));
  const delivery = value['delivery'] === 'ping' ? 'ping' : 'poll';
  if (value['delivery'] !== delivery) faults.add('/delivery', 'is not poll or ping');
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
    if (value !== undefined) faults.add('', 'belongs to the delivery ping');
    return {};
  }
  if (typeof value === 'string' && value.length <= MAX_ENDPOINT && isRedirectUri(value, 'production'))
    return { notificationEndpoint: value };
  return { notificationEndpoint: faults.add('', 'is not an https URI without fragment') };
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
    if (value !== undefined) faults.add('', 'belongs to the way app');
    return [];
  }
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_RETURN_URIS) {
    faults.add('', `is not an array of 1 to ${MAX_RETURN_URIS} URIs`);
    return [];
  }
  if (new Set(value).size !== value.length) faults.add('', 'has a URI twice');
  return value.map((uri: unknown, index) => parseReturnUri(uri, environment, faults.at(`/${index}`)));
}

function parseReturnUri(uri: unknown, environment: Environment, faults: Faults): string {
  if (!isRedirectUri(uri, environment) && !hasOwnScheme(uri))
    return faults.add('', 'is neither an https URI nor one with a scheme of the app, with a dot; without fragment');
  if (uri.length > MAX_RETURN_URI) faults.add('', `has more than ${MAX_RETURN_URI} characters`);
  if (parseUri(uri)?.searchParams.has('sigill_nonce')) faults.add('', 'has sigill_nonce, which is added to it');
  return uri;
}

function hasOwnScheme(uri: unknown): uri is string {
  const url = parseUri(uri);
  return url !== undefined && typeof uri === 'string' && !uri.includes('#') && url.protocol.includes('.');
}
