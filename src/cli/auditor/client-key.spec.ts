import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { exportJWK, jwtVerify, SignJWT } from 'jose';
import { importClientKey } from './client-key.ts';

const pairs: readonly (readonly [string, KeyObject])[] = [
  ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
  ['PS256', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
  ['EdDSA', generateKeyPairSync('ed25519').privateKey],
];

describe('the key of a client', () => {
  it.each(pairs)('signs %s, whether its file is PEM or a JWK', async (alg, privateKey) => {
    const jwk = JSON.stringify({ ...(await exportJWK(privateKey)), kid: 'of-the-auditor' });
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
    for (const [text, kid] of [[pem, undefined] as const, [jwk, 'of-the-auditor'] as const]) {
      const imported = importClientKey(text);
      expect([imported.kid, imported.key.extractable]).toEqual([kid, false]);
      const token = await new SignJWT({}).setProtectedHeader({ alg }).sign(imported.key);
      await expect(jwtVerify(token, createPublicKey(privateKey))).resolves.toBeDefined();
    }
  });

  it.each([
    ['a curve that the service does not accept', generateKeyPairSync('ec', { namedCurve: 'P-384' })],
    ['an agreement', generateKeyPairSync('x25519')],
  ])('is refused where it is for %s', (_, { privateKey }) => {
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
    expect(() => importClientKey(pem)).toThrow('neither on P-256 nor of RSA nor Ed25519');
  });

  it('is refused without a word of what stands in its file', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const publicJwk = JSON.stringify(await exportJWK(publicKey));
    for (const text of ['', 'secret words', '{"kty":"EC"', '{"kty":"oct","k":"c2VjcmV0"}', publicJwk])
      expect(() => importClientKey(text)).toThrow(
        /^the key file holds neither a private JWK nor a private key in PEM$/,
      );
  });
});
