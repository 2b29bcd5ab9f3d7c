import type { Environment } from '../../kernel/environment.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Role } from '../clients.ts';
import { parseUri } from '../../kernel/web/uri.ts';
import { isRedirectUri } from '../redirect-uri.ts';
import type { Faults } from './faults.ts';

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
      faults.add('', 'belongs to the roles tpp and rp');
    return [];
  }
  if (value === undefined && backchannel !== undefined) return [];
  if (!Array.isArray(value) || value.length === 0) {
    faults.add('', 'is not an array of at least one URI');
    return [];
  }
  return value.map((uri: unknown, index) =>
    isRedirectUri(uri, environment) ? uri : faults.add(`/${index}`, 'is not an https URI without fragment'),
  );
}

/** A resource indicator is an absolute URI without fragment (RFC 8707 §2). */
export function parseResource(value: unknown, faults: Faults): string {
  const url = parseUri(value);
  return url && /^https?:$/.test(url.protocol) && url.hash === '' && typeof value === 'string' && !value.includes('#')
    ? value
    : faults.add('/resource', value === undefined ? 'is missing' : 'is not an absolute http(s) URI without fragment');
}
