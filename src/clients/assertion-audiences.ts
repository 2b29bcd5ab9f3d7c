import type { AppConfig } from '../config/config.ts';
import type { Client } from './clients.ts';

/** `backchannel`: at the endpoints of OpenID CIBA; `issuer` everywhere else. */
export type AudienceRule = 'issuer' | 'backchannel';

const ENDPOINTS = ['/backchannel', '/token'];

/**
 * What a client assertion may name as `aud`: our issuer alone, because an assertion made for another server must not be valid here
 * (FAPI 2.0 Security Profile §5.3.2.1). OpenID CIBA Core §7.1 and its clients name our endpoints too, which no other server has; clients
 * that are registered for the backchannel may do so where they use it.
 */
export function acceptedAudiences(
  rule: AudienceRule,
  { backchannel }: Pick<Client, 'backchannel'>,
  { issuer, mtls }: Pick<AppConfig, 'issuer' | 'mtls'>,
): readonly string[] {
  if (rule === 'issuer' || backchannel === undefined) return [issuer];
  const origins = mtls ? [issuer, mtls.url] : [issuer];
  return [issuer, ...origins.flatMap((origin) => ENDPOINTS.map((endpoint) => `${origin}${endpoint}`))];
}
