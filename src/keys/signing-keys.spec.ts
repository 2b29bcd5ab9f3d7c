import { constants, createPublicKey, generateKeyPairSync, verify, type JsonWebKey } from 'node:crypto';
import { compactVerify, createLocalJWKSet } from 'jose';
import type { SigningKeyConfig } from '../config/config.ts';
import { Secret } from '../kernel/secret.ts';
import { SigningKeys } from './signing-keys.ts';

const ec = (namedCurve = 'P-256') => generateKeyPairSync('ec', { namedCurve }).privateKey.export({ format: 'jwk' });
const ed = () => generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
const publicHalf = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
const rsa = (modulusLength: number) =>
  generateKeyPairSync('rsa', { modulusLength }).privateKey.export({ format: 'jwk' });
type Rest = Omit<SigningKeyConfig, 'privateJwk'>;
const key = (jwk: JsonWebKey, rest: Rest): SigningKeyConfig => ({ ...rest, privateJwk: new Secret(jwk) });

const good = (): SigningKeyConfig[] => [
  key(ec(), { kid: 't1', alg: 'ES256', purpose: 'tokens' }),
  key(ed(), { kid: 'v1', alg: 'EdDSA', purpose: 'verdicts' }),
];
const payload = Buffer.from('{"a":1}');

describe('signing keys', () => {
  it('signs with the key of the purpose, and the published set verifies it', async () => {
    const keys = new SigningKeys(good());
    for (const [purpose, kid] of [
      ['tokens', 't1'],
      ['verdicts', 'v1'],
    ] as const) {
      const jws = await keys.sign(purpose, payload, { typ: 'x' });
      const { protectedHeader } = await compactVerify(jws, createLocalJWKSet(keys.jwks()));
      expect(protectedHeader).toMatchObject({ kid, typ: 'x' });
    }
  });

  it('signs the ledger by its first key of Ed25519, the same octets always alike', () => {
    const ledger = [
      key(ed(), { kid: 'l2', alg: 'EdDSA', purpose: 'ledger' }),
      key(ed(), { kid: 'l1', alg: 'EdDSA', purpose: 'ledger' }),
    ];
    const keys = new SigningKeys([...good(), ...ledger]);
    const signature = keys.signLedger(payload);
    expect(keys.signLedger(payload)).toEqual(signature);
    expect(keys.ledgerKeys().map((publicKey) => verify(null, payload, publicKey, signature))).toEqual([true, false]);
    expect(() => new SigningKeys(good()).signLedger(payload)).toThrow(/no signing key has the purpose ledger/);
  });

  it.each([
    ['ES256', ec(), {}],
    ['PS256', rsa(2048), { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }],
  ] as const)('seals by a bare signature of %s', (alg, jwk, options) => {
    const signature = new SigningKeys([key(jwk, { kid: 's1', alg, purpose: 'seals' })]).signSeal(payload);
    const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
    expect(verify('sha256', payload, { key: publicKey, ...options }, signature)).toBe(true);
  });

  it('seals nothing by a key of another purpose', () => {
    expect(() => new SigningKeys(good()).signSeal(payload)).toThrow(/no signing key has the purpose seals/);
  });

  it('publishes no private member', () => {
    const keys = new SigningKeys(good());
    expect(JSON.stringify(keys.jwks())).not.toMatch(/"(d|p|q|dp|dq|qi|purpose)":/);
  });

  it('signs with the first key of a purpose and still publishes the one before it', async () => {
    const keys = new SigningKeys([...good(), key(ec(), { kid: 't0', alg: 'ES256', purpose: 'tokens' })]);
    const { protectedHeader } = await compactVerify(await keys.sign('tokens', payload), createLocalJWKSet(keys.jwks()));
    expect(protectedHeader.kid).toBe('t1');
    expect(keys.jwks().keys.map(({ kid }) => kid)).toContain('t0');
  });

  it('refuses to sign for a purpose that has no key', async () => {
    await expect(new SigningKeys(good().slice(1)).sign('tokens', payload)).rejects.toThrow(
      /no signing key has the purpose tokens/,
    );
  });

  it.each([
    ['a kid used twice', [...good(), key(ec(), { kid: 't1', alg: 'ES256', purpose: 'tokens' })], /have the same kid/],
    ['another curve', [key(ec('P-384'), { kid: 'x', alg: 'ES256', purpose: 'tokens' })], /does not fit/],
    ['an algorithm that is not the key’s', [key(ec(), { kid: 'x', alg: 'PS256', purpose: 'tokens' })], /does not fit/],
    ['RSA below 2048 bits', [key(rsa(1024), { kid: 'x', alg: 'PS256', purpose: 'tokens' })], /does not fit/],
    ['a public key', [key(publicHalf(), { kid: 'x', alg: 'ES256', purpose: 'tokens' })], /not a private/],
  ])('refuses %s', (_, keys, message) => {
    expect(() => new SigningKeys(keys)).toThrow(message);
  });
});
