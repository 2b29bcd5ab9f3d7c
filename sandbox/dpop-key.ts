import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';
import { publicHalf, type SandboxClient } from './clients.ts';

/**
 * A DPoP key of a client, kept beside the client's own and made when it is first asked for: a token is bound to it, also when the
 * next request is made by another program.
 * @param name of one of several
 */
export async function keptDpopKey(folder: string, clientId: string, name?: string): Promise<JWK> {
  const file = join(folder, `${clientId}${name === undefined ? '' : `.${name}`}.dpop.json`);
  if (!existsSync(file)) {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    writeFileSync(file, JSON.stringify(await exportJWK(privateKey)), { mode: 0o600 });
  }
  return JSON.parse(readFileSync(file, 'utf8')) as JWK;
}

/** The client with the DPoP key with which `npm run -s proof` makes its proofs: what a page shows, curl may repeat. */
export async function withKeptDpopKey(folder: string, client: SandboxClient): Promise<SandboxClient> {
  return { ...client, dpopJwk: await keptDpopKey(folder, client.id) };
}

/** Both halves, for a library that signs with one and sends the other. */
export async function dpopKeyPair(
  jwk: JWK,
): Promise<{ readonly privateKey: CryptoKey; readonly publicKey: CryptoKey }> {
  const [privateKey, publicKey] = await Promise.all([
    importJWK(jwk, 'ES256'),
    importJWK(publicHalf(jwk), 'ES256', { extractable: true }),
  ]);
  return { privateKey: privateKey as CryptoKey, publicKey: publicKey as CryptoKey };
}
