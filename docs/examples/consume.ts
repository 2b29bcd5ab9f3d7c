/**
 * A bank consumes a consent, with a client that openapi-typescript makes of the API's description:
 *
 *   curl -s http://localhost:3000/docs/openapi.json > openapi.json
 *   npx openapi-typescript openapi.json -o sigill-api.d.ts
 *
 * It needs openapi-fetch and jose. `test/bank/generated-clients.spec.ts` makes, checks and runs it.
 */
import { randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, SignJWT, type JWK } from 'jose';
import createClient from 'openapi-fetch';
import type { components, paths } from './sigill-api.d.ts';

type Consumption = components['schemas']['ConsumeRequest'];

interface Bank {
  readonly issuer: string;
  readonly clientId: string;
  /** The registered signing key. */
  readonly key: JWK;
}

export async function consume(bank: Bank, consentId: string, consumption: Consumption): Promise<string> {
  const { issuer, clientId } = bank;
  const client = createClient<paths>({ baseUrl: issuer });
  const dpop = await generateKeyPair('ES256');
  const publicJwk = await exportJWK(dpop.publicKey);

  // One proof for each request (RFC 9449 §4.2).
  const proofFor = async (method: string, path: string, token?: string): Promise<string> =>
    new SignJWT({
      jti: randomUUID(),
      htm: method,
      htu: `${issuer}${path}`,
      ...(token !== undefined && { ath: await sha256(token) }),
    })
      .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: publicJwk })
      .setIssuedAt()
      .sign(dpop.privateKey);

  const assertion = await new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: 'ES256', kid: bank.key.kid ?? (await calculateJwkThumbprint(bank.key)) })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(issuer)
    .setIssuedAt()
    .setExpirationTime('1 minute')
    .sign(await importJWK(bank.key, 'ES256'));

  const issued = await client.POST('/token', {
    params: { header: { DPoP: await proofFor('POST', '/token') } },
    body: {
      grant_type: 'client_credentials',
      scope: 'consents consume',
      client_id: clientId,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    },
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    bodySerializer: (body) => new URLSearchParams(body as Record<string, string>).toString(),
  });
  if (!issued.data) throw new Error(`no token: ${issued.error.error}`);
  const token = issued.data.access_token;

  const path = `/consents/${consentId}/consume`;
  const consumed = await client.POST('/consents/{id}/consume', {
    params: { path: { id: consentId } },
    body: consumption,
    headers: { authorization: `DPoP ${token}`, DPoP: await proofFor('POST', path, token) },
  });
  if (!consumed.data) throw new Error(`not consumed: ${consumed.error.code}`);
  return consumed.data.consumedAt;
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Buffer.from(digest).toString('base64url');
}
