import { createHmac, createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { importJWK, SignJWT, type CryptoKey } from 'jose';
import { foreignKey, type Spoilt } from '../../support/parties/raw-client.ts';
import { TokenSteps } from '../../support/token/token-steps.ts';

let steps: TokenSteps;
beforeAll(async () => {
  steps = await TokenSteps.start();
}, 60_000);
afterAll(() => steps.stop());

async function keyFor(alg: string, type: 'rsa' | 'ec', options: object): Promise<CryptoKey> {
  const { privateKey } = generateKeyPairSync(type as 'rsa', options as { modulusLength: number });
  return (await importJWK(privateKey.export({ format: 'jwk' }), alg)) as CryptoKey;
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function claims(changes: object = {}): object {
  const { id, issuer, now } = steps.tpp;
  return { iss: id, sub: id, aud: issuer, jti: randomUUID(), iat: now, exp: now + 60, ...changes };
}

async function isRefused(assertion: string): Promise<void> {
  const answer = await steps.refused(() => steps.pushWith(assertion));
  expect([answer.status, answer.body['error']]).toEqual([401, 'invalid_client']);
}

describe('the identity of a TPP is not taken from', () => {
  const forged: readonly (readonly [string, () => Promise<Spoilt>])[] = [
    [
      'an RS256 signature',
      async () => ({ header: { alg: 'RS256' }, key: await keyFor('RS256', 'rsa', { modulusLength: 2048 }) }),
    ],
    [
      'a PS256 signature under the kid of an EC key',
      async () => ({ header: { alg: 'PS256' }, key: await keyFor('PS256', 'rsa', { modulusLength: 2048 }) }),
    ],
    [
      'an ES384 signature',
      async () => ({ header: { alg: 'ES384' }, key: await keyFor('ES384', 'ec', { namedCurve: 'P-384' }) }),
    ],
    ['a key embedded as jwk', async () => embedded()],
    [
      'a key that x5u points to',
      async () => ({ key: await foreignKey(), header: { x5u: 'https://tpp.example/cert.pem' } }),
    ],
    [
      'a kid that climbs the file system',
      async () => ({ key: await foreignKey(), header: { kid: '../../../../../../dev/null' } }),
    ],
    ['a kid that is SQL', async () => ({ key: await foreignKey(), header: { kid: "' union select 'key' --" } })],
    ['a kid named like a prototype', async () => ({ key: await foreignKey(), header: { kid: '__proto__' } })],
    [
      'a kid of ten thousand characters',
      async () => ({ key: await foreignKey(), header: { kid: 'k'.repeat(10_000) } }),
    ],
    ['an assertion that expired five minutes ago', () => Promise.resolve({ claims: { exp: steps.tpp.now - 300 } })],
    ['an expiry that is text', () => Promise.resolve({ claims: { exp: String(steps.tpp.now + 60) } })],
    ['an expiry that never comes', () => Promise.resolve({ claims: { exp: 1e300 } })],
    ['the audience in capitals', () => Promise.resolve({ claims: { aud: steps.tpp.issuer.toUpperCase() } })],
    [
      'the introspection endpoint as audience',
      () => Promise.resolve({ claims: { aud: `${steps.tpp.issuer}/introspect` } }),
    ],
    ['issuer and subject as lists', () => Promise.resolve({ claims: { iss: [steps.tpp.id], sub: [steps.tpp.id] } })],
    ['a jti that is a number', () => Promise.resolve({ claims: { jti: 7 } })],
    ['a jti of a thousand characters', () => Promise.resolve({ claims: { jti: 'j'.repeat(1000) } })],
    ['a clock 70 seconds ahead (iat)', () => Promise.resolve({ claims: { iat: steps.tpp.now + 70 } })],
    ['a clock 70 seconds ahead (nbf)', () => Promise.resolve({ claims: { nbf: steps.tpp.now + 70 } })],
    ['a request object', () => Promise.resolve({ header: { typ: 'oauth-authz-req+jwt' } })],
    ['an access token', () => Promise.resolve({ header: { typ: 'at+jwt' } })],
  ];

  async function embedded(): Promise<Spoilt> {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = (await importJWK(privateKey.export({ format: 'jwk' }), 'ES256')) as CryptoKey;
    return { key, header: { jwk: publicKey.export({ format: 'jwk' }) } };
  }

  it.each(forged)('%s', async (_name, make) => {
    await isRefused(await steps.tpp.assertion(await make()));
  });

  it.each(['none', 'None', 'NONE', ''])('alg %j and no signature', async (alg) => {
    await isRefused(`${part({ alg, kid: 'sandbox-exempelbetal' })}.${part(claims())}.`);
  });

  it('an RS256 signature by its own RSA key, which is registered for PS256', async () => {
    const { id, privateJwk } = steps.clients.suite1;
    const answers = ['RS256', 'PS256'].map(async (alg) => {
      const key = (await importJWK(privateJwk, alg)) as CryptoKey;
      const header = { alg, kid: privateJwk.kid ?? '' };
      const assertion = await new SignJWT({ ...claims({ iss: id, sub: id }) }).setProtectedHeader(header).sign(key);
      return steps.tpp.post('/revoke', { ...steps.tpp.credentials(assertion), client_id: id, token: 'never-issued' });
    });
    const [rs256, ps256] = await Promise.all(answers);
    expect([rs256?.status, rs256?.body['error'], ps256?.status]).toEqual([401, 'invalid_client', 200]);
  });

  it('an HMAC with the public key as its secret', async () => {
    for (const secret of publicForms()) {
      const input = `${part({ alg: 'HS256', kid: 'sandbox-exempelbetal' })}.${part(claims())}`;
      await isRefused(`${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`);
    }
  });

  it('a header that asks for an unknown extension', async () => {
    const good = (await steps.tpp.assertion()).split('.');
    await isRefused(
      `${part({ alg: 'ES256', kid: 'sandbox-exempelbetal', crit: ['exp'], exp: 1 })}.${good[1] ?? ''}.${good[2] ?? ''}`,
    );
  });

  it.each([
    '',
    '.',
    '..',
    'a.b',
    'a.b.c.d.e',
    'e30.e30.',
    'null.null.null',
    '\u0000.\u0000.\u0000',
    `${'A'.repeat(50_000)}.A.A`,
  ])('what is no JWT: %#', async (text) => {
    const answer = await steps.refused(() => steps.pushWith(text));
    expect([answer.status, answer.body['error']]).toEqual([401, 'invalid_client']);
  });

  it('an assertion whose signature was cut, or padded', async () => {
    const good = await steps.tpp.assertion();
    await isRefused(good.slice(0, -4));
    await isRefused(`${good}AA`);
    await isRefused(`${good}==`);
  });

  it('the public key of the TPP in the hands of a bank', async () => {
    const stolen = await steps.bank.assertion({ claims: { iss: steps.tpp.id, sub: steps.tpp.id } });
    await isRefused(stolen);
  });
});

describe('a TPP with an odd but honest clock or client is let in:', () => {
  const odd: readonly (readonly [string, () => Spoilt])[] = [
    ['a clock 10 seconds ahead', () => ({ claims: { iat: steps.tpp.now + 10, nbf: steps.tpp.now + 10 } })],
    ['a clock 10 seconds behind', () => ({ claims: { iat: steps.tpp.now - 10, nbf: steps.tpp.now - 10 } })],
    ['no iat', () => ({ claims: { iat: undefined } })],
    ['fractions of a second', () => ({ claims: { exp: steps.tpp.now + 59.5 } })],
    [
      'a thousand claims more',
      () => ({ claims: Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`c${n}`, n])) }),
    ],
    ['a client assertion type of its own', () => ({ header: { typ: 'client-authentication+jwt' } })],
  ];

  it.each(odd)('%s', async (_name, make) => {
    expect((await steps.pushWith(await steps.tpp.assertion(make()))).status).toBe(201);
  });
});

/** The registered public key in the forms in which careless libraries would take it for a secret. */
function publicForms(): readonly (string | Buffer)[] {
  const key = createPublicKey({ key: { ...steps.registeredKey }, format: 'jwk' });
  return [
    key.export({ type: 'spki', format: 'pem' }),
    key.export({ type: 'spki', format: 'der' }),
    JSON.stringify(key.export({ format: 'jwk' })),
    '\0',
  ];
}
