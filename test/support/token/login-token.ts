import { randomUUID } from 'node:crypto';
import { hashToken, insertAccessToken, newOpaqueToken } from '../../../src/client-auth/access-tokens.ts';
import { addMs, MINUTE_MS } from '../../../src/kernel/clock.ts';
import type { ClientId, LoginId } from '../../../src/kernel/ids.ts';
import { Database } from '../../../src/database/database.ts';
import type { RawClient } from '../parties/raw-client.ts';
import type { TestSystem } from '../system/system.ts';

/** A live token of a login that nobody made, bound to the DPoP key of its client. */
export async function insertLoginToken({ system, clock }: TestSystem, party: RawClient): Promise<string> {
  const token = newOpaqueToken();
  const issuedAt = clock.now();
  await insertAccessToken(system.app.get(Database), {
    kind: 'login',
    hash: hashToken(token),
    clientId: party.id as ClientId,
    loginId: randomUUID() as LoginId,
    scope: 'openid https://id.oidc.se/scope/naturalPersonNumber',
    binding: { kind: 'dpop', jkt: await party.thumbprint() },
    issuedAt,
    expiresAt: addMs(issuedAt, 5 * MINUTE_MS),
  });
  return token;
}
