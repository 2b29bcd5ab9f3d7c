import { constants, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { compactVerify } from 'jose';
import { claimsOf, isSignedWith, parseJws, type JwsAlgorithm } from './jws.ts';
import { Malformed } from '../malformed.ts';

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const keys: Readonly<Record<JwsAlgorithm, { readonly privateKey: KeyObject; readonly publicKey: KeyObject }>> = {
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  PS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  EdDSA: generateKeyPairSync('ed25519'),
};

function signed(algorithm: JwsAlgorithm, header: object = {}, payload: unknown = { sub: 'a' }): string {
  const input = `${part({ alg: algorithm, ...header })}.${part(payload)}`;
  const key = keys[algorithm].privateKey;
  const options = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  const signature =
    algorithm === 'EdDSA'
      ? sign(null, Buffer.from(input), key)
      : sign('sha256', Buffer.from(input), {
          key,
          dsaEncoding: 'ieee-p1363',
          ...(algorithm === 'PS256' ? options : {}),
        });
  return `${input}.${signature.toString('base64url')}`;
}

describe('reading a JWS', () => {
  const [header, payload, signature] = signed('ES256').split('.') as [string, string, string];

  it('gives its parts', () => {
    const jws = parseJws(`${header}.${payload}.${signature}`);
    expect(jws.header).toEqual({ alg: 'ES256' });
    expect(claimsOf(jws)).toEqual({ sub: 'a' });
    expect(jws.signingInput.toString()).toBe(`${header}.${payload}`);
    expect(jws.signature).toHaveLength(64);
  });

  it.each([
    ['nothing', ''],
    ['two parts', `${header}.${payload}`],
    ['four parts', `${header}.${payload}.${signature}.${signature}`],
    ['an empty part', `${header}..${signature}`],
    ['no signature', `${header}.${payload}.`],
    ['padding', `${header}.${payload}.${signature}==`],
    ['white space', `${header}.${payload}.${signature} `],
    ['the other alphabet', `${header}.${payload}.${signature.slice(0, 84)}+/`],
    ['stray trailing bits', `${header}.${payload}.${signature.slice(0, 85)}B`],
    ['a header that is not JSON', `AAAA.${payload}.${signature}`],
    ['a header that is a list', `${part([])}.${payload}.${signature}`],
    ['a header that is not UTF-8', `${Buffer.from('{"a":"\xff"}', 'latin1').toString('base64url')}.${payload}.AA`],
  ])('refuses %s', (_, text) => {
    expect(() => parseJws(text)).toThrow(Malformed);
  });

  it.each([[['a list'], null, 'text', 1].map((value) => [value])].flat())('finds no claims in %j', (value) => {
    expect(() => claimsOf(parseJws(signed('ES256', {}, value)))).toThrow(Malformed);
  });
});

describe('the signature of a JWS', () => {
  it.each<JwsAlgorithm>(['ES256', 'PS256', 'EdDSA'])(
    '%s is that of its key over its text, and of nothing else',
    (alg) => {
      const jws = parseJws(signed(alg));
      const { publicKey } = keys[alg];
      expect(isSignedWith(jws, alg, publicKey)).toBe(true);
      expect(isSignedWith({ ...jws, signingInput: Buffer.from('other') }, alg, publicKey)).toBe(false);
      for (const at of [0, 31, 32, jws.signature.length - 1]) {
        const signature = Buffer.from(jws.signature);
        signature[at] = (signature[at] ?? 0) ^ 1;
        expect(isSignedWith({ ...jws, signature }, alg, publicKey)).toBe(false);
      }
      for (const length of [0, 1, 63, jws.signature.length - 1, jws.signature.length + 1]) {
        const signature = Buffer.concat([jws.signature, Buffer.alloc(1)]).subarray(0, length);
        expect(isSignedWith({ ...jws, signature }, alg, publicKey)).toBe(false);
      }
    },
  );

  it.each<JwsAlgorithm>(['ES256', 'PS256', 'EdDSA'])('%s is none under a key of another kind', (alg) => {
    const jws = parseJws(signed(alg));
    const others = Object.entries(keys).filter(([name]) => name !== alg);
    expect(others.map(([, { publicKey }]) => isSignedWith(jws, alg, publicKey))).toEqual([false, false]);
  });

  it('is none where the header names an extension, even one that others know', () => {
    const { publicKey } = keys.ES256;
    expect(isSignedWith(parseJws(signed('ES256', { crit: ['b64'], b64: true })), 'ES256', publicKey)).toBe(false);
    expect(isSignedWith(parseJws(signed('ES256', { crit: [] })), 'ES256', publicKey)).toBe(false);
  });

  it('is none of zeros', () => {
    const jws = parseJws(signed('ES256'));
    expect(isSignedWith({ ...jws, signature: Buffer.alloc(64) }, 'ES256', keys.ES256.publicKey)).toBe(false);
  });

  // Every 256th R or S begins with a zero octet, every second with a high bit: both change their length in DER.
  it('ES256 is what jose finds, for any text', async () => {
    const { publicKey } = keys.ES256;
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        const compact = signed('ES256', {}, { text });
        await compactVerify(compact, publicKey);
        return isSignedWith(parseJws(compact), 'ES256', publicKey);
      }),
      { numRuns: 600 },
    );
  });
});
