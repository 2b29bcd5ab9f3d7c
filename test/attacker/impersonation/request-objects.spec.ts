import type { RawAnswer } from '../../support/parties/exchange.ts';
import { foreignKey, type RawClient, type Spoilt } from '../../support/parties/raw-client.ts';
import { payment } from '../../support/parties/payment.ts';
import { TokenSteps } from '../../support/token/token-steps.ts';
import { ObjectSigner, rsaKey } from '../../support/token/object-signer.ts';

const HOUR = 3600;

let steps: TokenSteps;
/** Registered to push signed requests only. */
let signer: RawClient;
let objects: ObjectSigner;
beforeAll(async () => {
  steps = await TokenSteps.start();
  signer = await steps.connect('signingTpp');
  objects = await ObjectSigner.create(signer, steps.clients.signingTpp);
}, 60_000);
afterAll(() => steps.stop());

const push = (request: string): Promise<RawAnswer> => signer.postAs('/par', { request });

const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

async function isRefused(request: string): Promise<void> {
  const answer = await steps.refused(() => push(request));
  expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_request_object']);
}

describe('the signed word of a TPP is not accepted from', () => {
  const forged: readonly (readonly [string, () => Promise<Spoilt> | Spoilt])[] = [
    ['a key that is not registered', async () => ({ key: await foreignKey() })],
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
    ['what was signed for no server', () => ({ claims: { aud: undefined } })],
    ['what does not expire', () => ({ claims: { exp: undefined } })],
    ['what says not since when', () => ({ claims: { nbf: undefined } })],
    ['what has expired', () => ({ claims: { nbf: signer.now - 300, iat: signer.now - 300, exp: signer.now - 70 } })],
    ['what begins in 70 seconds', () => ({ claims: { nbf: signer.now + 70, iat: signer.now + 70 } })],
    ['what began more than an hour ago', () => ({ claims: { nbf: signer.now - HOUR - 60, exp: signer.now + 10 } })],
    ['what lives for more than an hour', () => ({ claims: { exp: signer.now + HOUR + 60 } })],
    ['what ends before it begins', () => ({ claims: { nbf: signer.now + 8, exp: signer.now + 4 } })],
    ['what was signed for us and for a number', () => ({ claims: { aud: [signer.issuer, 5] } })],
    ['what is identified by a number', () => ({ claims: { jti: 5 } })],
    ['a time that is text', () => ({ claims: { exp: 'tomorrow' } })],
    ['a claim in five hundred lists', () => ({ claims: { authorization_details: nested(500) } })],
    ['a claim that is no text', () => ({ claims: { state: '\0' } })],
    ['an object in an object', () => ({ claims: { request: 'e30.e30.' } })],
    ['a reference in an object', () => ({ claims: { request_uri: 'urn:ietf:params:oauth:request_uri:a' } })],
    ['two redirect URIs', () => ({ claims: { redirect_uri: ['https://a.example/cb', 'https://b.example/cb'] } })],
  ];
  it.each(forged)('%s', async (_name, make) => {
    await isRefused(await objects.sign(await make()));
  });

  it.each(['none', 'None', ''])('alg %j and no signature', async (alg) => {
    await isRefused(objects.unsigned(alg));
  });

  it('an HMAC with its public key as the secret', async () => {
    for (const format of ['pem', 'der'] as const) await isRefused(objects.hmac(format));
  });

  it('a signature over other claims', async () => {
    const cheaper = { ...payment, instructedAmount: { currency: 'SEK', amount: '1.00' } };
    await isRefused(await objects.altered({ authorization_details: [cheaper] }));
  });

  it.each(['', '.', '..', 'a.b.c', 'a.b.c.d.e', 'null.null.null', `${'A'.repeat(40_000)}.A.A`])(
    'what is no JWT: %#',
    async (request) => {
      const answer = await steps.refused(() => push(request));
      expect(['invalid_request', 'invalid_request_object']).toContain(answer.body['error']);
    },
  );

  it('plain parameters, with or without an object of another', async () => {
    const plain = await steps.refused(() => signer.postAs('/par', signer.pushFields()));
    expect([plain.status, plain.body['error']]).toEqual([400, 'invalid_request']);
    const foreign = await steps.refused(async () => steps.tpp.postAs('/par', { request: await objects.sign() }));
    expect(foreign.body['error']).toBe('invalid_request_object');
  });
});

describe('a signed request with a jti is pushed once:', () => {
  it('not again in other words, with fresh credentials; of fifty at once, one creates a consent', async () => {
    const jti = 'a-payment';
    const consents = await steps.count('consent');
    const same = await objects.sign({ claims: { jti } });
    const answers = await Promise.all(Array.from({ length: 50 }, () => push(same)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(await steps.count('consent')).toBe(consents + 1);
    await isRefused(same);
    await isRefused(await objects.sign({ claims: { jti, state: 'another' } }));
    steps.advance(2 * HOUR * 1000);
    await isRefused(await objects.sign({ claims: { jti } }));
  });

  it('again under its Idempotency-Key, for the same consent, and under no other', async () => {
    const request = await objects.sign();
    const under = (key: string): Promise<RawAnswer> => signer.postAs('/par', { request }, { 'idempotency-key': key });
    const [first, again] = [await under('order-1'), await under('order-1')];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body['consent_id']).toBe(first.body['consent_id']);
    expect((await under('order-2')).body['error']).toBe('invalid_request_object');
  });

  it('after a push that was refused for something else', async () => {
    const jti = 'second-try';
    const refused = await push(await objects.sign({ claims: { jti, resource: 'https://elsewhere.example' } }));
    expect(refused.body['error']).toBe('invalid_target');
    expect((await push(await objects.sign({ claims: { jti } }))).status).toBe(201);
  });

  it('though another TPP has chosen the same jti', async () => {
    const jti = 'counter-1';
    expect((await push(await objects.sign({ claims: { jti } }))).status).toBe(201);
    const others = await ObjectSigner.create(steps.tpp, steps.clients.tpp);
    const request = await others.sign({ claims: { jti } });
    expect((await steps.tpp.postAs('/par', { request })).status).toBe(201);
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
    expect((await push(await objects.sign(make()))).status).toBe(201);
  });

  it('though other parameters stand beside the object: they count for nothing', async () => {
    const request = await objects.sign();
    const beside = { request, state: 'outside', redirect_uri: 'https://evil.example/cb', scope: 'accounts' };
    const { status, body } = await signer.postAs('/par', beside);
    expect(status).toBe(201);
    const [row] = await steps.database.asOwner(
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
