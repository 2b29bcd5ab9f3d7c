import { createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { RawAnswer } from '../../support/parties/exchange.ts';
import { foreignKey, sha256, type Spoilt } from '../../support/parties/raw-client.ts';
import { TokenSteps } from '../../support/token/token-steps.ts';

const INTERACTION = '6ba7b810-9dad-41d1-80b4-00c04fd430c8';

let steps: TokenSteps;
let token: string;
beforeAll(async () => {
  steps = await TokenSteps.start();
  ({ token } = await steps.token());
}, 60_000);
afterAll(() => steps.stop());

function read(headers: Readonly<Record<string, string>>): Promise<RawAnswer> {
  return steps.tpp.send('GET', '/consent', { headers });
}

async function readWith(spoilt: Spoilt, headers: Readonly<Record<string, string>> = {}): Promise<RawAnswer> {
  const dpop = await steps.tpp.proof('GET', '/consent', token, spoilt);
  return read({ authorization: `DPoP ${token}`, dpop, ...headers });
}

describe('the resource of the conformance suite opens to the holder of the key', () => {
  const right: readonly (readonly [string, () => Spoilt])[] = [
    ['with a proof as it should be', () => ({})],
    ['with nbf now and exp in five minutes', () => ({ claims: { nbf: steps.tpp.now, exp: steps.tpp.now + 300 } })],
    ['with a query and a fragment in htu', () => ({ claims: { htu: `${steps.tpp.issuer}/consent?a=b#c` } })],
    [
      'with scheme and host of htu in capitals',
      () => ({ claims: { htu: steps.tpp.issuer.toUpperCase() + '/consent' } }),
    ],
    ['with unknown members', () => ({ claims: { extra: { a: 1 } }, header: { extra: 'b' } })],
  ];
  it.each(right)('%s', async (_name, make) => {
    expect((await readWith(make())).status).toBe(200);
  });

  it.each(['application/json', 'application/json;charset=UTF-8', 'application/json, */*', '*/*', ''])(
    'whatever media type it accepts: %j',
    async (accept) => {
      const answer = await readWith({}, accept === '' ? {} : { accept });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
      expect(answer.headers.get('date')).toMatch(/ GMT$/);
    },
  );

  it('with an interaction id, which is given back if it is one, or with none: then it gets that of the request', async () => {
    expect((await readWith({}, { 'x-fapi-interaction-id': INTERACTION })).headers.get('x-fapi-interaction-id')).toBe(
      INTERACTION,
    );
    for (const id of ['', 'a', `${INTERACTION}a`, '{}', 'x'.repeat(1000)]) {
      const { headers } = await readWith({}, id === '' ? {} : { 'x-fapi-interaction-id': id });
      expect(headers.get('x-fapi-interaction-id')).toBe(headers.get('x-request-id'));
    }
  });
});

describe('the resource of the conformance suite stays closed to', () => {
  const wrong: readonly (readonly [string, () => Promise<Spoilt> | Spoilt])[] = [
    ['no type', () => ({ header: { typ: undefined } })],
    ['another type', () => ({ header: { typ: 'jwt' } })],
    ['no key', () => ({ header: { jwk: undefined } })],
    ['a private key in the header', () => ({ header: { jwk: privateJwk() } })],
    ['no jti', () => ({ claims: { jti: undefined } })],
    ['no htm', () => ({ claims: { htm: undefined } })],
    ['no htu', () => ({ claims: { htu: undefined } })],
    ['no iat', () => ({ claims: { iat: undefined } })],
    ['no ath', () => ({ claims: { ath: undefined } })],
    ['the hash of another token', () => ({ claims: { ath: sha256('another') } })],
    ['another method', () => ({ claims: { htm: 'PUT' } })],
    ['another address', () => ({ claims: { htu: 'https://rs.example/consent' } })],
    ['an hour ahead', () => ({ claims: { iat: steps.tpp.now + 3600 } })],
    ['an hour old', () => ({ claims: { iat: steps.tpp.now - 3600 } })],
    ['a signature by another key than it shows', async () => ({ key: await foreignKey() })],
  ];
  it.each(wrong)('a proof with %s', async (_name, make) => {
    const answer = await readWith(await make());
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^DPoP error="invalid_dpop_proof"/);
  });

  it('a proof without algorithm, with none, or with an HMAC of its public key', async () => {
    const [header = '', payload = '', signature = ''] = (await steps.tpp.proof('GET', '/consent', token)).split('.');
    const { jwk, typ } = JSON.parse(Buffer.from(header, 'base64url').toString()) as Record<
      string,
      Record<string, string>
    >;
    const secret = createPublicKey({ key: jwk ?? {}, format: 'jwk' }).export({ type: 'spki', format: 'der' });
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const hmac = `${part({ typ, jwk, alg: 'HS256' })}.${payload}`;
    const proofs = [
      `${part({ typ, jwk })}.${payload}.${signature}`,
      `${part({ typ, jwk, alg: 'none' })}.${payload}.`,
      `${hmac}.${createHmac('sha256', secret).update(hmac).digest('base64url')}`,
      `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
      `${header}.${payload}`,
    ];
    for (const dpop of proofs) expect((await read({ authorization: `DPoP ${token}`, dpop })).status).toBe(401);
  });

  it('a proof that was used, two proofs, none at all, or the token as Bearer', async () => {
    const dpop = await steps.tpp.proof('GET', '/consent', token);
    const authorization = `DPoP ${token}`;
    expect((await read({ authorization, dpop })).status).toBe(200);
    expect((await read({ authorization, dpop })).status).toBe(401);
    const second = await steps.tpp.proof('GET', '/consent', token);
    expect((await read({ authorization, dpop: `${second}, ${dpop}` })).status).toBe(401);
    expect((await read({ authorization })).status).toBe(401);
    expect((await read({ authorization: `Bearer ${token}` })).status).toBe(401);
    expect((await steps.tpp.send('GET', `/consent?access_token=${token}`, { headers: { dpop } })).status).toBe(401);
  });

  it('the key of another client with this token', async () => {
    const dpop = await steps.parties.otherTpp.proof('GET', '/consent', token);
    const answer = await read({ authorization: `DPoP ${token}`, dpop });
    expect(answer.headers.get('www-authenticate')).toMatch(/^DPoP error="invalid_token"/);
  });
});

describe('a code is bound to the key that the push showed,', () => {
  async function pushed(changes: Record<string, string>, headers?: Record<string, string>) {
    const fields = { ...steps.tpp.pushFields(undefined, 'v'.repeat(43)), ...changes };
    const { status, body } = headers
      ? await steps.tpp.post('/par', { ...fields, ...steps.tpp.credentials(await steps.tpp.assertion()) }, headers)
      : await steps.tpp.postAs('/par', fields);
    expect(status).toBe(201);
    return steps.codeFor({ requestUri: String(body['request_uri']) }, steps.tpp.id);
  }

  const redeemWith = async (code: string, key?: 'another'): Promise<RawAnswer> => {
    const dpop = await (key ? steps.parties.otherTpp : steps.tpp).proof('POST', '/token');
    return steps.tpp.postAs('/token', steps.tpp.redemption(code, { codeVerifier: 'v'.repeat(43) }), { dpop });
  };

  it('by a proof', async () => {
    const code = await pushed({});
    const answer = await steps.refused(() => redeemWith(code, 'another'));
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_grant']);
    expect((await redeemWith(code)).status).toBe(200);
  });

  it('by its thumbprint alone', async () => {
    const code = await pushed({ dpop_jkt: await steps.tpp.thumbprint() }, {});
    const answer = await steps.refused(() => redeemWith(code, 'another'));
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_grant']);
    expect((await redeemWith(code)).status).toBe(200);
  });

  it('or to none, where it showed none, so that any key may redeem it', async () => {
    expect((await redeemWith(await pushed({}, {}), 'another')).status).toBe(200);
  });
});

function privateJwk(): object {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
}
