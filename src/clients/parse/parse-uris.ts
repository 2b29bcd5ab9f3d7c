import type { Environment } from '../../kernel/environment.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Role } from '../clients.ts';
import { parseUri } from '../../kernel/web/uri.ts';
import { WEB_URI } from '../members/forms.ts';
import { isRedirectUri } from '../redirect-uri.ts';
import type { Faults } from './faults.ts';
import { parseText } from './parse-words.ts';

const URI = 'an absolute URI, https or http, without fragment';

/**
 * A client with a backchannel may have none.
 * @see FAPI 2.0 Security Profile §5.3.2.2: redirect URIs are https; ours may be loopback http outside production.
 */
export function parseRedirectUris(
  { redirectUris: value, backchannel }: JsonObject,
  role: Role,
  environment: Environment,
  faults: Faults,
): readonly string[] {
  if (role === 'bank' || role === 'auditor') {
    if (value !== undefined && !(Array.isArray(value) && value.length === 0))
      faults.add('', `does not belong to the role ${role}, only to tpp, rp`);
    return [];
  }
  if (value === undefined && backchannel !== undefined) return [];
  if (!Array.isArray(value) || value.length === 0) {
    faults.addForm('', value, 'an array of at least one URI, to which browsers return');
    return [];
  }
  return value.map((uri: unknown, index) => parseRedirectUri(uri, environment, faults.at(`/${index}`)));
}

function parseRedirectUri(uri: unknown, environment: Environment, faults: Faults): string {
  const text = parseText(uri, { pattern: WEB_URI }, URI, faults);
  if (text !== '' && !isRedirectUri(text, environment)) faults.addBeyondSchema('', problemOf(text, environment));
  return text;
}

/** What is wrong with a URI of the right form that browsers may not be redirected to. */
export function problemOf(uri: string, environment: Environment): string {
  if (!parseUri(uri)) return 'is not a URI';
  if (uri.startsWith('https:')) return 'has a user name or a password; leave them out';
  return environment === 'production'
    ? 'is http, which production refuses; it must be https'
    : 'is http and not on this machine; it must be https, or on localhost';
}

/** A resource indicator is an absolute URI without fragment (RFC 8707 §2). */
export function parseResource(value: unknown, faults: Faults): string {
  const text = parseText(value, { pattern: WEB_URI }, URI, faults);
  if (text !== '' && !parseUri(text)) faults.addBeyondSchema('', 'is not a URI');
  return text;
}
