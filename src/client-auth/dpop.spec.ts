import { createHash } from 'node:crypto';
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  SignJWT,
  type CryptoKey,
  type JWK,
  type JWTPayload,
} from 'jose';
import { DomainError } from '../kernel/errors.ts';
import { checkDpopProof, type ProofRequest } from './dpop.ts';

const now = new Date('2026-11-22T12:00:00Z');
const seconds = now.getTime() / 1000;
const uri = 'https://sigill.example/token';

async function keyPair(alg = 'ES256'): Promise<{ sign: CryptoKey; jwk: JWK; secret: JWK }> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { sign: privateKey, jwk: await exportJWK(publicKey), secret: await exportJWK(privateKey) };
}

const key = await keyPair();

interface Parts {
  readonly claims?: JWTPayload;
  readonly header?: Record<string, unknown>;
  readonly signer?: CryptoKey;
}

async function proof({ claims = {}, header = {}, signer = key.sign }: Parts = {}): Promise<string> {
  const payload = { jti: crypto.randomUUID(), htm: 'POST', htu: uri, iat: seconds, ...claims };
  return new SignJWT(payload)
    .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: key.jwk, ...header })
    .sign(signer);
}

function check(header: ProofRequest['header'], rest: Partial<ProofRequest> = {}): string {
  try {
    return checkDpopProof({ header, method: 'POST', uri, ...rest }, now).jkt;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

describe('a DPoP proof', () => {
  it('proves the key by its thumbprint', async () => {
    expect(check(await proof())).toBe(await calculateJwkThumbprint(key.jwk));
  });

  it.each(['PS256', 'EdDSA', 'Ed25519'])('may be signed with %s', async (alg) => {
    const other = await keyPair(alg);
    const signed = await proof({ header: { alg, jwk: other.jwk }, signer: other.sign });
    expect(check(signed)).toBe(await calculateJwkThumbprint(other.jwk));
  });

  it('proves each of many keys, however many were seen before', async () => {
    const keys = await Promise.all(Array.from({ length: 600 }, () => keyPair()));
    for (const { sign, jwk } of [...keys, ...keys.slice(0, 3)]) {
      const wrong = await proof({ header: { jwk }, signer: key.sign });
      expect(check(await proof({ header: { jwk }, signer: sign }))).toBe(await calculateJwkThumbprint(jwk));
      expect(check(wrong)).toBe('dpop.invalid');
    }
  });

  it('is missing where there is no header', () => {
    expect(check(undefined)).toBe('dpop.missing');
  });

  it.each<[string, Parts]>([
    ['a type of another JWT', { header: { typ: 'JWT' } }],
    ['no jwk', { header: { jwk: undefined } }],
    ['the private key in jwk', { header: { jwk: key.secret } }],
    ['no jti', { claims: { jti: undefined as unknown as string } }],
    ['a jti beyond bounds', { claims: { jti: 'x'.repeat(257) } }],
    ['no iat', { claims: { iat: undefined as unknown as number } }],
    ['iat as text', { claims: { iat: String(seconds) as unknown as number } }],
    ['another method', { claims: { htm: 'GET' } }],
    ['the method in lower case', { claims: { htm: 'post' } }],
    ['another URI', { claims: { htu: 'https://sigill.example/par' } }],
    ['another host', { claims: { htu: 'https://sigil.example/token' } }],
    ['http for https', { claims: { htu: 'http://sigill.example/token' } }],
    ['no htu', { claims: { htu: undefined } }],
    ['an htu that is no URI', { claims: { htu: '/token' } }],
    ['an htu with white space around it', { claims: { htu: ` ${uri}\n` } }],
    ['an htu with a backslash', { claims: { htu: 'https:\\\\sigill.example\\token' } }],
    ['an age of 61 seconds', { claims: { iat: seconds - 61 } }],
    ['an iat more than a minute ahead', { claims: { iat: seconds + 61 } }],
    ['an exp that has passed', { claims: { exp: seconds - 1 } }],
    ['an nbf more than a minute ahead', { claims: { nbf: seconds + 61 } }],
  ])('is refused with %s', async (_, parts) => {
    expect(check(await proof(parts))).toBe('dpop.invalid');
  });

  it.each<[string, JWTPayload]>([
    ['made 10 seconds ahead of our clock', { iat: seconds + 10 }],
    ['made 10 seconds ago', { iat: seconds - 10 }],
    ['whose htu has a query', { htu: `${uri}?a=1#b` }],
    ['whose htu is written in another way', { htu: 'HTTPS://SIGILL.example:443/%74oken' }],
  ])('is accepted when %s', async (_, claims) => {
    expect(check(await proof({ claims }))).toBe(await calculateJwkThumbprint(key.jwk));
  });

  it.each<[string, Record<string, unknown>]>([
    ['a use other than signing', { use: 'enc' }],
    ['operations without verifying', { key_ops: ['deriveKey'] }],
    ['another algorithm', { alg: 'ES384' }],
    ['another curve', { crv: 'P-384' }],
    ['another kind of key', { kty: 'OKP' }],
    ['a coordinate cut short', { y: key.jwk.y?.slice(0, 42) }],
    ['a point that is not on the curve', { y: key.jwk.x }],
    ['a coordinate that is no text', { x: 1 }],
  ])('is refused when its jwk names %s', async (_, members) => {
    expect(check(await proof({ header: { jwk: { ...key.jwk, ...members } } }))).toBe('dpop.invalid');
  });

  it('is accepted when its jwk says more of the same', async () => {
    const jwk = { ...key.jwk, alg: 'ES256', use: 'sig', key_ops: ['verify'], ext: true, kid: 'mine' };
    expect(check(await proof({ header: { jwk } }))).toBe(await calculateJwkThumbprint(key.jwk));
  });

  it('is refused when another key signed it', async () => {
    expect(check(await proof({ signer: (await keyPair()).sign }))).toBe('dpop.invalid');
  });

  it('is refused with RS256', async () => {
    const rsa = await keyPair('RS256');
    expect(check(await proof({ header: { alg: 'RS256', jwk: rsa.jwk }, signer: rsa.sign }))).toBe('dpop.invalid');
  });

  it('is refused unsigned', () => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const header = part({ typ: 'dpop+jwt', alg: 'none', jwk: key.jwk });
    const payload = part({ jti: 'a', htm: 'POST', htu: uri, iat: seconds });
    expect(check(`${header}.${payload}.`)).toBe('dpop.invalid');
    expect(check(`${header}.${payload}.AA`)).toBe('dpop.invalid');
  });

  it('is refused when the header came twice', async () => {
    const one = await proof();
    expect(check(`${one}, ${one}`)).toBe('dpop.invalid');
    expect(check([one, one])).toBe('dpop.invalid');
  });

  it('is good for the access token that it names and no other', async () => {
    const ath = createHash('sha256').update('token-a').digest('base64url');
    expect(check(await proof({ claims: { ath } }), { accessToken: 'token-a' })).not.toBe('dpop.invalid');
    expect(check(await proof({ claims: { ath } }), { accessToken: 'token-b' })).toBe('dpop.invalid');
    expect(check(await proof(), { accessToken: 'token-a' })).toBe('dpop.invalid');
  });
});
