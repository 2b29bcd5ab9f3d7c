import { createHmac, createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { importJWK, SignJWT, type CryptoKey } from 'jose';
import { foreignKey, type RawAnswer, type RawClient, type Spoilt } from '../support/raw-client.ts';
import { payment } from '../support/parties.ts';
import { Desk } from './desk.ts';

const KID = 'sandbox-signabetal';
const HOUR = 3600;

let desk: Desk;
/** Registered to push signed requests only. */
let signer: RawClient;
let key: CryptoKey;
beforeAll(async () => {
  desk = await Desk.open();
  signer = await desk.connect('signingTpp');
  key = (await importJWK(desk.clients.signingTpp.privateJwk, 'ES256')) as CryptoKey;
}, 60_000);
afterAll(() => desk.close());

function claims(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const { id, issuer, now } = signer;
  const own = { iss: id, client_id: id, aud: issuer, iat: now, nbf: now, exp: now + 300, jti: randomUUID() };
  return { ...signer.pushFields(), authorization_details: [payment], ...own, ...changes };
}

function sign({ claims: changes, header, key: other }: Spoilt = {}): Promise<string> {
  return new SignJWT(claims(changes))
    .setProtectedHeader({ alg: 'ES256', typ: 'oauth-authz-req+jwt', kid: KID, ...header })
    .sign(other ?? key);
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

const push = (request: string): Promise<RawAnswer> => signer.postAs('/par', { request });

async function isRefused(request: string): Promise<void> {
  const answer = await desk.refused(() => push(request));
  expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_request_object']);
}

describe('the TPP’s word is not taken from', () => {
  const forged: readonly (readonly [string, () => Promise<Spoilt> | Spoilt])[] = [
    ['a key that nobody registered', async () => ({ key: await foreignKey() })],
    ['a key embedded as jwk', async () => ({ key: await foreignKey(), header: { jwk: { kty: 'EC' } } })],
    [
      'a key that jku points to',
      async () => ({ key: await foreignKey(), header: { jku: 'https://tpp.example/jwks' } }),
    ],
    ['an RS256 signature', async () => ({ header: { alg: 'RS256' }, key: await rsaKey('RS256') })],
    [
      'a PS256 signature under the kid of an EC key',
      async () => ({ header: { alg: 'PS256' }, key: await rsaKey('PS256') }),
    ],
    ['a kid of another client', () => ({ header: { kid: 'sandbox-exempelbetal' } })],
    ['a DPoP proof', () => ({ header: { typ: 'dpop+jwt' } })],
    ['an access token', () => ({ header: { typ: 'at+jwt' } })],
    ['another client', () => ({ claims: { iss: 'exempelbetal' } })],
    ['a client that names another', () => ({ claims: { client_id: 'exempelbetal' } })],
    ['what would do for a client assertion', () => ({ claims: { sub: 'signabetal' } })],
    ['what was signed for the PAR endpoint', () => ({ claims: { aud: `${signer.issuer}/par` } })],
    ['what was signed for others', () => ({ claims: { aud: ['https://as.example', 'https://other.example'] } })],
    ['what was signed for nobody', () => ({ claims: { aud: undefined } })],
    ['what does not expire', () => ({ claims: { exp: undefined } })],
    ['what says not since when', () => ({ claims: { nbf: undefined } })],
    ['what has expired', () => ({ claims: { nbf: signer.now - 300, iat: signer.now - 300, exp: signer.now - 70 } })],
    ['what begins in 70 seconds', () => ({ claims: { nbf: signer.now + 70, iat: signer.now + 70 } })],
    ['what began more than an hour ago', () => ({ claims: { nbf: signer.now - HOUR - 60, exp: signer.now + 10 } })],
    ['what lives for more than an hour', () => ({ claims: { exp: signer.now + HOUR + 60 } })],
    ['a time that is text', () => ({ claims: { exp: 'tomorrow' } })],
    ['an object in an object', () => ({ claims: { request: 'e30.e30.' } })],
    ['a reference in an object', () => ({ claims: { request_uri: 'urn:ietf:params:oauth:request_uri:a' } })],
    ['two redirect URIs', () => ({ claims: { redirect_uri: ['https://a.example/cb', 'https://b.example/cb'] } })],
  ];
  it.each(forged)('%s', async (_name, make) => {
    await isRefused(await sign(await make()));
  });

  it.each(['none', 'None', ''])('alg %j and no signature', async (alg) => {
    await isRefused(`${part({ alg, typ: 'oauth-authz-req+jwt', kid: KID })}.${part(claims())}.`);
  });

  it('an HMAC with its public key as the secret', async () => {
    const { kty, crv, x, y } = desk.clients.signingTpp.privateJwk;
    const publicKey = createPublicKey({ key: { kty, crv, x, y } as Record<string, string>, format: 'jwk' });
    for (const secret of [
      publicKey.export({ type: 'spki', format: 'pem' }),
      publicKey.export({ type: 'spki', format: 'der' }),
    ]) {
      const input = `${part({ alg: 'HS256', kid: KID })}.${part(claims())}`;
      await isRefused(`${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`);
    }
  });

  it('a signature over other claims', async () => {
    const [header = '', , signature = ''] = (await sign()).split('.');
    const cheaper = { ...payment, instructedAmount: { currency: 'SEK', amount: '1.00' } };
    await isRefused(`${header}.${part(claims({ authorization_details: [cheaper] }))}.${signature}`);
  });

  it.each(['', '.', '..', 'a.b.c', 'a.b.c.d.e', 'null.null.null', `${'A'.repeat(40_000)}.A.A`])(
    'what is no JWT: %#',
    async (request) => {
      const answer = await desk.refused(() => push(request));
      expect(['invalid_request', 'invalid_request_object']).toContain(answer.body['error']);
    },
  );

  it('plain parameters, with or without an object of another', async () => {
    const plain = await desk.refused(() => signer.postAs('/par', signer.pushFields()));
    expect([plain.status, plain.body['error']]).toEqual([400, 'invalid_request']);
    const foreign = await desk.refused(async () => desk.tpp.postAs('/par', { request: await sign() }));
    expect(foreign.body['error']).toBe('invalid_request_object');
  });
});

describe('a TPP that signs is let in', () => {
  const odd: readonly (readonly [string, () => Spoilt])[] = [
    ['with a clock 8 seconds ahead', () => ({ claims: { nbf: signer.now + 8, iat: signer.now + 8 } })],
    ['with our issuer among several audiences', () => ({ claims: { aud: ['https://as.example', signer.issuer] } })],
    ['without a type', () => ({ header: { typ: undefined } })],
    ['with the type JWT', () => ({ header: { typ: 'JWT' } })],
    ['with an hour to go', () => ({ claims: { exp: signer.now + HOUR } })],
    ['without iat and jti', () => ({ claims: { iat: undefined, jti: undefined } })],
    ['without state', () => ({ claims: { state: undefined } })],
  ];
  it.each(odd)('%s', async (_name, make) => {
    expect((await push(await sign(make()))).status).toBe(201);
  });

  it('and what stands beside the object counts for nothing', async () => {
    const request = await sign();
    const beside = { request, state: 'outside', redirect_uri: 'https://evil.example/cb', scope: 'accounts' };
    const { status, body } = await signer.postAs('/par', beside);
    expect(status).toBe(201);
    const [row] = await desk.database.asOwner(
      'select state, redirect_uri, scope from authorization_request where consent_id = $1',
      [body['consent_id']],
    );
    expect([row?.['redirect_uri'], row?.['scope'], row?.['state'] === 'outside']).toEqual([
      'http://localhost:3003/callback',
      null,
      false,
    ]);
  });
});

async function rsaKey(alg: string): Promise<CryptoKey> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return (await importJWK(privateKey.export({ format: 'jwk' }), alg)) as CryptoKey;
}
