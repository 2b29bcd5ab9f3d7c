import { generateKeyPairSync } from 'node:crypto';
import { compactVerify, createLocalJWKSet, flattenedVerify } from 'jose';
import { parseSigningKeys } from './signing-key.ts';
import { SigningKeys } from './signing-keys.ts';

const ec = (namedCurve = 'P-256') => generateKeyPairSync('ec', { namedCurve }).privateKey.export({ format: 'jwk' });
const ed = () => generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
const rsa = (modulusLength: number) =>
  generateKeyPairSync('rsa', { modulusLength }).privateKey.export({ format: 'jwk' });

const good = () => [
  { ...ec(), kid: 't1', alg: 'ES256', purpose: 'tokens' },
  { ...ed(), kid: 'v1', alg: 'EdDSA', purpose: 'verdicts' },
  { ...rsa(2048), kid: 'e1', alg: 'PS256', purpose: 'exports' },
];
const payload = Buffer.from('{"a":1}');

describe('signing keys', () => {
  it('signs with the key of the purpose, and the published set verifies it', async () => {
    const keys = new SigningKeys(parseSigningKeys({ keys: good() }));
    for (const [purpose, kid] of [
      ['tokens', 't1'],
      ['verdicts', 'v1'],
      ['exports', 'e1'],
    ] as const) {
      const jws = await keys.sign(purpose, payload, { typ: 'x' });
      const { protectedHeader } = await compactVerify(jws, createLocalJWKSet(keys.jwks()));
      expect(protectedHeader).toMatchObject({ kid, typ: 'x' });
    }
  });

  it('seals bytes that travel apart from the seal', async () => {
    const keys = new SigningKeys(parseSigningKeys({ keys: good() }));
    const [header, middle, signature] = (await keys.signDetached('exports', payload)).split('.');
    expect(middle).toBe('');
    const jws = { protected: header!, signature: signature!, payload };
    await flattenedVerify(jws, createLocalJWKSet(keys.jwks()));
    await expect(
      flattenedVerify({ ...jws, payload: Buffer.from('{"a":2}') }, createLocalJWKSet(keys.jwks())),
    ).rejects.toThrow();
  });

  it('publishes no private member', () => {
    const published = JSON.stringify(new SigningKeys(parseSigningKeys({ keys: good() })).jwks());
    expect(published).not.toMatch(/"(d|p|q|dp|dq|qi|purpose)":/);
  });

  it('signs with the first key of a purpose and still publishes the one before it', async () => {
    const keys = new SigningKeys(
      parseSigningKeys({ keys: [...good(), { ...ec(), kid: 't0', alg: 'ES256', purpose: 'tokens' }] }),
    );
    const { protectedHeader } = await compactVerify(await keys.sign('tokens', payload), createLocalJWKSet(keys.jwks()));
    expect(protectedHeader.kid).toBe('t1');
    expect(keys.jwks().keys.map(({ kid }) => kid)).toContain('t0');
  });

  it.each([
    ['a kid used twice', [...good(), { ...ec(), kid: 't1', alg: 'ES256', purpose: 'tokens' }], /share one kid/],
    ['a purpose without a key', good().slice(1), /no signing key for the purpose tokens/],
    ['an unknown purpose', [{ ...ec(), kid: 'x', alg: 'ES256', purpose: 'all' }], /purposes/],
    ['another curve', [{ ...ec('P-384'), kid: 'x', alg: 'ES384', purpose: 'tokens' }], /none of/],
    ['an algorithm that is not the key’s', [{ ...ec(), kid: 'x', alg: 'PS256', purpose: 'tokens' }], /none of/],
    ['RS256', [{ ...rsa(2048), kid: 'x', alg: 'RS256', purpose: 'tokens' }], /none of/],
    ['RSA below 2048 bits', [{ ...rsa(1024), kid: 'x', alg: 'PS256', purpose: 'tokens' }], /none of/],
    ['a public key', [{ ...ec(), d: undefined, kid: 'x', alg: 'ES256', purpose: 'tokens' }], /not a private key/],
    ['a key without kid', [{ ...ec(), alg: 'ES256', purpose: 'tokens' }], /no kid/],
  ])('refuses %s', (_, keys, message) => {
    expect(() => parseSigningKeys({ keys })).toThrow(message);
  });

  it('refuses what is not a JWK set', () => {
    expect(() => parseSigningKeys([])).toThrow(/JWK set/);
  });
});
