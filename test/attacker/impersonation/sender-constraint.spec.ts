import { randomUUID } from 'node:crypto';
import type { RawAnswer } from '../../support/parties/exchange.ts';
import { sha256, type Spoilt } from '../../support/parties/raw-client.ts';
import { TokenSteps } from '../../support/token/token-steps.ts';

let steps: TokenSteps;
/** The TPP's own token and the resource that it opens. */
let token: string;
beforeAll(async () => {
  steps = await TokenSteps.start();
  token = await steps.tpp.machineToken('consents');
}, 60_000);
afterAll(() => steps.stop());

const machine = { grant_type: 'client_credentials', scope: 'consents' };
const resource = (): string => `/consents/${randomUUID()}`;

function call(path: string, headers: Readonly<Record<string, string>>): Promise<RawAnswer> {
  return steps.tpp.send('GET', path, { headers });
}

async function callWith(spoilt: Spoilt, path = resource()): Promise<RawAnswer> {
  return call(path, { authorization: `DPoP ${token}`, dpop: await steps.tpp.proof('GET', path, token, spoilt) });
}

function isChallenged(answer: RawAnswer, error: string): void {
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toMatch(new RegExp(`^DPoP .*error="${error}".*algs="[^"]*ES256`));
}

describe('a token is issued to the holder of its key alone:', () => {
  it.each([-10, 10])('a clock %i seconds off is let in', async (offset) => {
    const dpop = await steps.tpp.proof('POST', '/token', undefined, { claims: { iat: steps.tpp.now + offset } });
    expect((await steps.tpp.postAs('/token', machine, { dpop })).status).toBe(200);
  });

  it.each([-70, 70])('a clock %i seconds off is not', async (offset) => {
    const dpop = await steps.tpp.proof('POST', '/token', undefined, { claims: { iat: steps.tpp.now + offset } });
    const answer = await steps.refused(() => steps.tpp.postAs('/token', machine, { dpop }));
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_dpop_proof']);
  });

  const forged: readonly (readonly [string, Spoilt])[] = [
    ['alg none', { header: { alg: 'ES256', typ: 'dpop+jwt;alg=none' } }],
    ['typ in another case', { header: { typ: 'DPOP+JWT+' } }],
    ['a key by reference', { header: { jwk: undefined, jku: 'https://tpp.example/jwks' } }],
    ['a key that is text', { header: { jwk: 'key' } }],
    ['a key that is a list', { header: { jwk: [] } }],
    ['a symmetric key', { header: { jwk: { kty: 'oct', k: 'AAAA' } } }],
    ['a jti that is empty', { claims: { jti: '' } }],
    ['a jti that is a number', { claims: { jti: 1 } }],
    ['an iat that is text', { claims: { iat: 'now' } }],
    ['an iat beyond all dates', { claims: { iat: 1e300 } }],
    ['a method in lower case', { claims: { htm: 'post' } }],
    ['an address with a user', { claims: { htu: 'http://tpp@localhost/token' } }],
    ['an address that is none', { claims: { htu: '/token' } }],
    ['a list of addresses', { claims: { htu: ['http://localhost/token'] } }],
  ];
  it.each(forged)('not with %s', async (_name, spoilt) => {
    const dpop = await steps.tpp.proof('POST', '/token', undefined, spoilt);
    const answer = await steps.refused(() => steps.tpp.postAs('/token', machine, { dpop }));
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_dpop_proof']);
  });

  it('not with a proof of a thousand characters that is no JWT', async () => {
    const answer = await steps.refused(() => steps.tpp.postAs('/token', machine, { dpop: 'A.'.repeat(500) }));
    expect(answer.body['error']).toBe('invalid_dpop_proof');
  });

  it('query and fragment of the address do not count', async () => {
    for (const htu of [
      `${steps.tpp.issuer}/token?a=b`,
      `${steps.tpp.issuer}/token#a`,
      `${steps.tpp.issuer}/x/../token`,
    ]) {
      const dpop = await steps.tpp.proof('POST', '/token', undefined, { claims: { htu } });
      expect((await steps.tpp.postAs('/token', machine, { dpop })).status).toBe(200);
    }
  });

  it('a proof gets one token, also when it comes twenty times at the same moment', async () => {
    const dpop = await steps.tpp.proof('POST', '/token');
    const answers = await Promise.all(Array.from({ length: 20 }, () => steps.tpp.postAs('/token', machine, { dpop })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body['error'] === 'invalid_dpop_proof')).toHaveLength(19);
  });
});

describe('a stolen token opens nothing:', () => {
  it('without a proof', async () => {
    isChallenged(await call(resource(), { authorization: `DPoP ${token}` }), 'invalid_dpop_proof');
  });

  it('as a bearer token', async () => {
    const path = resource();
    const dpop = await steps.tpp.proof('GET', path, token);
    isChallenged(await call(path, { authorization: `Bearer ${token}`, dpop }), 'invalid_token');
  });

  it('in the query, or in two headers', async () => {
    const path = resource();
    const dpop = await steps.tpp.proof('GET', path, token);
    const inQuery = await call(`${path}?access_token=${token}`, { dpop });
    expect([inQuery.status, inQuery.headers.get('www-authenticate')]).toEqual([
      401,
      expect.not.stringContaining('error='),
    ]);
    const twice = await call(path, { authorization: `DPoP ${token}, DPoP ${token}`, dpop });
    expect(twice.status).toBe(401);
  });

  it('with the proof of another key', async () => {
    const path = resource();
    const dpop = await steps.parties.otherTpp.proof('GET', path, token);
    isChallenged(await call(path, { authorization: `DPoP ${token}`, dpop }), 'invalid_token');
  });

  const spoilt: readonly (readonly [string, () => Spoilt])[] = [
    ['for another method', () => ({ claims: { htm: 'DELETE' } })],
    ['for another consent', () => ({ claims: { htu: `${steps.tpp.issuer}${resource()}` } })],
    ['without the hash of the token', () => ({ claims: { ath: undefined } })],
    ['with the hash of another token', () => ({ claims: { ath: sha256('another') } })],
    ['that is 70 seconds old', () => ({ claims: { iat: steps.tpp.now - 70 } })],
    ['of 70 seconds from now', () => ({ claims: { iat: steps.tpp.now + 70 } })],
    ['that has expired', () => ({ claims: { exp: steps.tpp.now - 1 } })],
    ['that is not valid yet', () => ({ claims: { nbf: steps.tpp.now + 70 } })],
  ];
  it.each(spoilt)('with a proof %s', async (_name, make) => {
    isChallenged(await callWith(make()), 'invalid_dpop_proof');
  });

  it('with a proof that was used before', async () => {
    const path = resource();
    const headers = { authorization: `DPoP ${token}`, dpop: await steps.tpp.proof('GET', path, token) };
    expect((await call(path, headers)).status).toBe(404);
    isChallenged(await call(path, headers), 'invalid_dpop_proof');
  });

  it('with two proofs', async () => {
    const path = resource();
    const dpop = `${await steps.tpp.proof('GET', path, token)}, ${await steps.tpp.proof('GET', path, token)}`;
    isChallenged(await call(path, { authorization: `DPoP ${token}`, dpop }), 'invalid_dpop_proof');
  });
});

describe('the owner of a token gets in,', () => {
  it.each(['DPoP', 'dpop', 'DPOP'])('however the scheme is spelt: %s', async (scheme) => {
    const path = resource();
    const answer = await call(path, {
      authorization: `${scheme} ${token}`,
      dpop: await steps.tpp.proof('GET', path, token),
    });
    expect(answer.status).toBe(404);
  });

  it.each([-10, 10])('with a clock %i seconds off', async (offset) => {
    expect((await callWith({ claims: { iat: steps.tpp.now + offset } })).status).toBe(404);
  });

  it('with the scopes in any order', async () => {
    const { body } = await steps.bank.postAs('/token', { grant_type: 'client_credentials', scope: 'consume consents' });
    expect(String(body['scope']).split(' ').sort()).toEqual(['consents', 'consume']);
  });

  it('with its consent’s own token, at that consent alone', async () => {
    const own = await steps.token();
    expect((await steps.tpp.call(own.token, 'GET', `/consents/${own.consentId}`)).status).toBe(200);
    const other = await steps.tpp.push();
    expect((await steps.tpp.call(own.token, 'GET', `/consents/${other.consentId}`)).status).toBe(404);
    expect((await steps.tpp.call(own.token, 'DELETE', `/consents/${own.consentId}`)).status).toBe(403);
  });
});
