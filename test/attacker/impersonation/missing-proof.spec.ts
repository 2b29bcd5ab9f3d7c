import { randomUUID } from 'node:crypto';
import type { RawAnswer } from '../../support/parties/exchange.ts';
import { foreignKey, type Spoilt } from '../../support/parties/raw-client.ts';
import type { RawParties } from '../../support/parties/raw-parties.ts';
import { payment, TestSystem } from '../../support/system/system.ts';

let world: TestSystem;
let parties: RawParties;

beforeAll(async () => {
  world = await TestSystem.start();
  parties = world.raw;
}, 60_000);
afterAll(() => world.stop());

const refused = (request: () => Promise<RawAnswer>): Promise<RawAnswer> => world.refused(request);

describe('a TPP that does not prove who it is gets invalid_client and creates nothing:', () => {
  const spoilt: readonly (readonly [string, () => Promise<Spoilt> | Spoilt])[] = [
    ['signed with a key that is not registered', async () => ({ key: await foreignKey() })],
    ['a client that is not registered', () => ({ claims: { iss: 'okand', sub: 'okand' } })],
    ['issued by another client than its subject', () => ({ claims: { iss: 'provbetal' } })],
    ['no issuer', () => ({ claims: { iss: undefined } })],
    ['no subject', () => ({ claims: { sub: undefined } })],
    ['for the token endpoint', () => ({ claims: { aud: `${parties.tpp.issuer}/token` } })],
    ['for the PAR endpoint', () => ({ claims: { aud: `${parties.tpp.issuer}/par` } })],
    ['for our issuer in an array', () => ({ claims: { aud: [parties.tpp.issuer] } })],
    ['for our issuer and another', () => ({ claims: { aud: [parties.tpp.issuer, 'https://as.example'] } })],
    ['for our issuer with a slash', () => ({ claims: { aud: `${parties.tpp.issuer}/` } })],
    ['for another server', () => ({ claims: { aud: 'https://as.example' } })],
    ['no audience', () => ({ claims: { aud: undefined } })],
    ['expired', () => ({ claims: { exp: parties.tpp.now - 1 } })],
    ['no expiry', () => ({ claims: { exp: undefined } })],
    ['good for an hour', () => ({ claims: { exp: parties.tpp.now + 3600 } })],
    ['issued more than a minute from now', () => ({ claims: { iat: parties.tpp.now + 90 } })],
    ['not valid for another minute', () => ({ claims: { nbf: parties.tpp.now + 90 } })],
    ['no jti', () => ({ claims: { jti: undefined } })],
    ['another kid', () => ({ header: { kid: 'sandbox-provbetal' } })],
    ['made for another purpose', () => ({ header: { typ: 'dpop+jwt' } })],
    [
      'with its own key in the header',
      async () => ({ key: await foreignKey(), header: { jku: 'https://tpp.example' } }),
    ],
  ];

  it.each(spoilt)('assertion %s', async (_name, make) => {
    const assertion = await parties.tpp.assertion(await make());
    const answer = await refused(() =>
      parties.tpp.post('/par', { ...parties.tpp.pushFields(), ...parties.tpp.credentials(assertion) }),
    );
    expect([answer.status, answer.body['error']]).toEqual([401, 'invalid_client']);
  });

  it.each(['/par', '/token', '/introspect', '/revoke'])('at %s, with a wrong key', async (path) => {
    const assertion = await parties.bank.assertion({ key: await foreignKey() });
    const answer = await refused(() =>
      parties.bank.post(path, { ...parties.bank.credentials(assertion), token: 'x'.repeat(43) }),
    );
    expect([answer.status, answer.body['error']]).toEqual([401, 'invalid_client']);
  });

  it('an unknown client and a wrong key read alike, so that names cannot be tried out', async () => {
    const unknown = await parties.tpp.assertion({ claims: { iss: 'okand', sub: 'okand' } });
    const wrong = await parties.tpp.assertion({ key: await foreignKey() });
    const form = parties.tpp.pushFields();
    const first = await refused(() =>
      parties.tpp.post('/par', { ...form, ...parties.tpp.credentials(unknown), client_id: 'okand' }),
    );
    const second = await refused(() => parties.tpp.post('/par', { ...form, ...parties.tpp.credentials(wrong) }));
    expect(first.body).toEqual(second.body);
  });

  it.each(['none', 'HS256'])('an assertion with alg %s', async (alg) => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = {
      iss: parties.tpp.id,
      sub: parties.tpp.id,
      aud: parties.tpp.issuer,
      jti: randomUUID(),
      exp: parties.tpp.now + 60,
    };
    for (const signature of ['', 'AAAA']) {
      const assertion = `${part({ alg })}.${part(claims)}.${signature}`;
      const answer = await refused(() =>
        parties.tpp.post('/par', { ...parties.tpp.pushFields(), ...parties.tpp.credentials(assertion) }),
      );
      expect([answer.status, answer.body['error']]).toEqual([401, 'invalid_client']);
    }
  });

  it('no assertion, a secret, or Basic', async () => {
    const form = { ...parties.tpp.pushFields(), client_id: parties.tpp.id };
    const good = parties.tpp.credentials(await parties.tpp.assertion());
    const basic = { authorization: `Basic ${Buffer.from(`${parties.tpp.id}:hemligt`).toString('base64')}` };
    for (const answer of [
      await refused(() => parties.tpp.post('/par', form)),
      await refused(() => parties.tpp.post('/par', { ...form, client_secret: 'hemligt' })),
      await refused(() => parties.tpp.post('/par', { ...form, ...good, client_secret: 'hemligt' })),
      await refused(() => parties.tpp.post('/par', form, basic)),
    ]) {
      expect([answer.status, answer.body['error']]).toEqual([401, 'invalid_client']);
    }
  });

  it('an assertion that was used before, at the same or at another endpoint', async () => {
    const used = parties.tpp.credentials(await parties.tpp.assertion());
    expect((await parties.tpp.post('/par', { ...parties.tpp.pushFields(), ...used })).status).toBe(201);
    const again = await refused(() => parties.tpp.post('/par', { ...parties.tpp.pushFields(), ...used }));
    expect([again.status, again.body['error']]).toEqual([401, 'invalid_client']);
    const elsewhere = await refused(() => parties.tpp.postAs('/token', { grant_type: 'client_credentials', ...used }));
    expect([elsewhere.status, elsewhere.body['error']]).toEqual([401, 'invalid_client']);
  });

  it('a jti twice, in two assertions', async () => {
    const jti = randomUUID();
    const first = await parties.tpp.assertion({ claims: { jti } });
    const second = await parties.tpp.assertion({ claims: { jti, exp: parties.tpp.now + 90 } });
    expect(
      (await parties.tpp.post('/par', { ...parties.tpp.pushFields(), ...parties.tpp.credentials(first) })).status,
    ).toBe(201);
    const answer = await refused(() =>
      parties.tpp.post('/par', { ...parties.tpp.pushFields(), ...parties.tpp.credentials(second) }),
    );
    expect(answer.body['error']).toBe('invalid_client');
  });

  it('the credentials of one TPP under the name of another', async () => {
    const fields = { ...parties.tpp.credentials(await parties.tpp.assertion()), client_id: parties.otherTpp.id };
    const answer = await refused(() => parties.tpp.post('/par', { ...parties.tpp.pushFields(), ...fields }));
    expect([answer.status, answer.body['error']]).toEqual([401, 'invalid_client']);
  });
});

describe('a TPP that does not prove that it holds its key gets invalid_dpop_proof and creates nothing:', () => {
  const spoilt: readonly (readonly [string, () => Promise<Spoilt> | Spoilt])[] = [
    ['for another method', () => ({ claims: { htm: 'GET' } })],
    ['for another address', () => ({ claims: { htu: `${parties.tpp.issuer}/token` } })],
    ['for another server', () => ({ claims: { htu: 'https://as.example/par' } })],
    ['two minutes old', () => ({ claims: { iat: parties.tpp.now - 120 } })],
    ['two minutes ahead', () => ({ claims: { iat: parties.tpp.now + 120 } })],
    ['expired', () => ({ claims: { exp: parties.tpp.now - 1 } })],
    ['not valid yet', () => ({ claims: { nbf: parties.tpp.now + 120 } })],
    ['no jti', () => ({ claims: { jti: undefined } })],
    ['no time', () => ({ claims: { iat: undefined } })],
    ['no method', () => ({ claims: { htm: undefined } })],
    ['no address', () => ({ claims: { htu: undefined } })],
    ['of another type', () => ({ header: { typ: 'JWT' } })],
    ['no key', () => ({ header: { jwk: undefined } })],
    ['signed by another key than it shows', async () => ({ key: await foreignKey() })],
  ];

  it.each(spoilt)('proof %s', async (_name, make) => {
    const dpop = await parties.tpp.proof('POST', '/par', undefined, await make());
    const answer = await refused(() => parties.tpp.postAs('/par', parties.tpp.pushFields(), { dpop }));
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_dpop_proof']);
  });

  it('a proof that was used before, also by a request that was refused', async () => {
    const dpop = await parties.tpp.proof('POST', '/par');
    const bad = await refused(() =>
      parties.tpp.postAs('/par', parties.tpp.pushFields({ ...payment, creditorName: '' }), { dpop }),
    );
    expect(bad.body['error']).toBe('invalid_authorization_details');
    const again = await refused(() => parties.tpp.postAs('/par', parties.tpp.pushFields(), { dpop }));
    expect([again.status, again.body['error']]).toEqual([400, 'invalid_dpop_proof']);
  });

  it('two proofs in one request', async () => {
    const dpop = `${await parties.tpp.proof('POST', '/par')}, ${await parties.tpp.proof('POST', '/par')}`;
    const answer = await refused(() => parties.tpp.postAs('/par', parties.tpp.pushFields(), { dpop }));
    expect(answer.body['error']).toBe('invalid_dpop_proof');
  });

  it('a proof that shows the private key', async () => {
    const jwk = { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', d: 'AA' };
    const dpop = await parties.tpp.proof('POST', '/par', undefined, { header: { jwk } });
    expect((await refused(() => parties.tpp.postAs('/par', parties.tpp.pushFields(), { dpop }))).body['error']).toBe(
      'invalid_dpop_proof',
    );
  });

  it('a thumbprint of another key than the one that signed the proof', async () => {
    const fields = { ...parties.tpp.pushFields(), dpop_jkt: 'A'.repeat(43) };
    const answer = await refused(() => parties.tpp.postAs('/par', fields));
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_request']);
  });

  it('no proof at the token endpoint', async () => {
    const fields = {
      ...parties.tpp.credentials(await parties.tpp.assertion()),
      grant_type: 'client_credentials',
      scope: 'consents',
    };
    const answer = await refused(() => parties.tpp.post('/token', fields));
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_request']);
  });
});
