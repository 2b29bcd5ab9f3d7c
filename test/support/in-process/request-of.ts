import { randomBytes } from 'node:crypto';
import type { NewConsent } from '../../../src/consent/consent.ts';
import { addMs, MINUTE_MS } from '../../../src/kernel/clock.ts';
import type { AuthorizationRequest } from '../../../src/token/par/authorization-request.repository.ts';

/** The authorization request with which a consent is pushed. */
export function requestOf({ consentId, interactionId, clientId, createdAt }: NewConsent): AuthorizationRequest {
  return {
    interactionId,
    consentId,
    clientId,
    requestUriHash: randomBytes(32),
    redirectUri: 'https://shop.example/back',
    state: undefined,
    codeChallenge: randomBytes(32).toString('base64url'),
    dpopJkt: undefined,
    scope: undefined,
    nonce: undefined,
    requestObjectSealed: undefined,
    pushedAt: createdAt,
    expiresAt: addMs(createdAt, 5 * MINUTE_MS),
  };
}
