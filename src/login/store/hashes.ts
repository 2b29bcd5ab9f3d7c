import { hash } from 'node:crypto';
import type { BrowserCookie } from '../../attempts/browser-cookie.ts';
import { canonicalJson } from '../../crypto/json/canonical-json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Environment } from '../../kernel/environment.ts';
import { channelToJson } from '../../payment/channel.ts';
import type { Envelope } from '../../vault/envelope.ts';
import type { AuthenticatedLogin } from '../login.ts';

const AUTHENTICATED = 'authenticated-login';

/** A cookie has full entropy, so a plain hash is enough. */
export function cookieHash(cookie: BrowserCookie): Buffer {
  return hash('sha256', cookie, 'buffer');
}

/** What the MAC of an authentication covers. */
export interface AuthenticationFacts extends AuthenticatedLogin {
  readonly environment: Environment;
}

/** The MAC over what a client is told of an authenticated login, under a key that is not in the database. */
export function authenticationMac(envelope: Envelope, facts: AuthenticationFacts): Buffer {
  return envelope.lookupHash(AUTHENTICATED, authenticationText(facts));
}

/** @throws DomainError `service.key-missing` */
export function isAuthenticationMac(envelope: Envelope, mac: Buffer, facts: AuthenticationFacts): boolean {
  return envelope.isLookupHash(mac, AUTHENTICATED, authenticationText(facts));
}

export function claimsText(claims: JsonObject | undefined): string | undefined {
  return claims && canonicalJson(claims);
}

/** JSON, so different lists of texts never give the same bytes. */
function authenticationText(facts: AuthenticationFacts): string {
  const { loginId, evidenceId, environment, clientId, channel, evidenceDigest, subject, signedAt } = facts;
  const { personalNumber, name, givenName, surname } = facts.person;
  return JSON.stringify([
    loginId,
    evidenceId,
    environment,
    clientId,
    // The `acr` follows from the channel.
    channelToJson(channel),
    [facts.scopes, claimsText(facts.claims) ?? null, facts.nonce ?? null],
    evidenceDigest.toString('base64url'),
    subject,
    [personalNumber, name, givenName, surname],
    signedAt.getTime(),
    facts.authenticatedAt.getTime(),
  ]);
}
