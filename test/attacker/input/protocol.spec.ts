import type { RawAnswer } from '../../support/parties/exchange.ts';
import { newVerifier, RawClient } from '../../support/parties/raw-client.ts';
import type { RawParties } from '../../support/parties/raw-parties.ts';
import { TestSystem } from '../../support/system/system.ts';

let world: TestSystem;
let parties: RawParties;

beforeAll(async () => {
  world = await TestSystem.start();
  parties = world.raw;
}, 60_000);
afterAll(() => world.stop());

const refused = (request: () => Promise<RawAnswer>): Promise<RawAnswer> => world.refused(request);

describe('a pushed request that bends the protocol is refused and creates nothing:', () => {
  const bent: readonly (readonly [string, Record<string, string | readonly string[] | undefined>, string])[] = [
    ['response_type token', { response_type: 'token' }, 'unsupported_response_type'],
    ['response_type id_token', { response_type: 'id_token' }, 'unsupported_response_type'],
    ['response_type code id_token', { response_type: 'code id_token' }, 'unsupported_response_type'],
    ['no code_challenge', { code_challenge: undefined }, 'invalid_request'],
    ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['no challenge method', { code_challenge_method: undefined }, 'invalid_request'],
    ['a request_uri inside', { request_uri: 'urn:ietf:params:oauth:request_uri:x' }, 'invalid_request'],
    ['a scope', { scope: 'accounts' }, 'invalid_scope'],
    ['an unknown bank', { resource: 'https://api.okandbank.example/payments' }, 'invalid_target'],
    [
      'two banks',
      { resource: ['https://api.exempelbanken.example/payments', 'https://api.provbanken.example/payments'] },
      'invalid_request',
    ],
    ['a person that is none', { login_hint: 'personnummer:199001012386' }, 'invalid_request'],
    ['a redirect URI in plain http elsewhere', { redirect_uri: 'http://tpp.example/callback' }, 'invalid_request'],
    ['a redirect URI with a script', { redirect_uri: 'javascript:alert(1)' }, 'invalid_request'],
    ['a redirect URI that is not ASCII', { redirect_uri: 'https://tpp.example/återkomst' }, 'invalid_request'],
    ['a redirect URI with a control character', { redirect_uri: 'https://tpp.example/\x01' }, 'invalid_request'],
    ['a redirect URI with characters of no URI', { redirect_uri: 'https://tpp.example/<">' }, 'invalid_request'],
    ['no redirect URI', { redirect_uri: undefined }, 'invalid_request'],
    ['a parameter twice', { state: ['a', 'b'] }, 'invalid_request'],
  ];

  it.each(bent)('%s', async (_name, changes, error) => {
    const answer = await refused(() => parties.tpp.postAs('/par', { ...parties.tpp.pushFields(), ...changes }));
    expect([answer.status, answer.body['error']]).toEqual([400, error]);
    expect(JSON.stringify(answer.body)).not.toContain('199001012386');
  });

  it('GET, JSON, and a form that is not UTF-8', async () => {
    expect((await refused(() => parties.tpp.get('/par'))).status).toBe(405);
    const json = { body: JSON.stringify(parties.tpp.pushFields()), headers: { 'content-type': 'application/json' } };
    expect((await refused(() => parties.tpp.send('POST', '/par', json))).status).toBe(415);
    const latin1 = {
      body: Buffer.from('state=\xe5', 'latin1'),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    };
    expect((await refused(() => parties.tpp.send('POST', '/par', latin1))).status).toBe(400);
  });

  it('a bank that pushes', async () => {
    const answer = await refused(() => parties.bank.postAs('/par', parties.bank.pushFields()));
    expect([answer.status, answer.body['error']]).toEqual([403, 'unauthorized_client']);
  });
});

describe('a link to the payer', () => {
  it('of another TPP, of an unknown one, or without its reference shows nothing of a payment', async () => {
    const pushed = await parties.tpp.push();
    const link = (changes: Record<string, string>): string =>
      `/authorize?${new URLSearchParams({ client_id: parties.tpp.id, request_uri: pushed.requestUri, ...changes }).toString()}`;
    for (const path of [
      link({ client_id: parties.otherTpp.id }),
      link({ client_id: '' }),
      link({ request_uri: `${pushed.requestUri}x` }),
      '/authorize',
      `/authorize?response_type=code&client_id=${parties.tpp.id}&redirect_uri=https%3A%2F%2Fevil.example`,
    ]) {
      const answer = await refused(() => parties.tpp.get(path));
      expect(answer.status).toBe(400);
      expect(answer.headers.get('location')).toBeNull();
    }
    expect((await parties.tpp.send('GET', link({}), { headers: {} })).status).toBe(303);
  });
});

describe('a code', () => {
  it('is good for its own TPP, verifier, key and address alone, and lives through all that others try', async () => {
    const pushed = await parties.tpp.push();
    const { browser, orderId } = await world.openInApp(pushed);
    await browser.get((await world.app.sign(orderId)).returnUrl ?? '');
    await browser.waitFor('authorised');
    const returned = await browser.finish();
    expect(returned.searchParams.get('iss')).toBe(parties.tpp.issuer);
    expect(returned.searchParams.get('state')).toBe(pushed.state);
    const form = parties.tpp.redemption(returned.searchParams.get('code') ?? '', pushed);
    const sibling = await RawClient.create(world.system.clients.tpp, parties.tpp.issuer, world.clock);
    const tries: readonly (readonly [RawClient, Record<string, string | undefined>, string])[] = [
      [parties.otherTpp, form, 'invalid_grant'],
      [sibling, form, 'invalid_grant'],
      [parties.tpp, { ...form, code: newVerifier() }, 'invalid_grant'],
      [parties.tpp, { ...form, code: undefined }, 'invalid_request'],
      [parties.tpp, { ...form, code_verifier: newVerifier() }, 'invalid_grant'],
      [parties.tpp, { ...form, code_verifier: undefined }, 'invalid_grant'],
      [parties.tpp, { ...form, code_verifier: 'kort' }, 'invalid_grant'],
      [parties.tpp, { ...form, redirect_uri: 'http://localhost:3003/annan' }, 'invalid_grant'],
      [parties.tpp, { ...form, redirect_uri: undefined }, 'invalid_request'],
      [parties.tpp, { ...form, grant_type: 'refresh_token' }, 'unsupported_grant_type'],
      [parties.tpp, { ...form, grant_type: 'password' }, 'unsupported_grant_type'],
      [parties.tpp, { ...form, grant_type: undefined }, 'invalid_request'],
    ];
    for (const [client, fields, error] of tries) {
      const answer = await refused(() => client.postAs('/token', fields));
      expect([fields, answer.status, answer.body['error']]).toEqual([fields, 400, error]);
    }
    const redeemed = await parties.tpp.postAs('/token', form);
    expect(redeemed.body).toMatchObject({ token_type: 'DPoP', consent_id: pushed.consentId });
    // Whoever else shows the used code changes nothing; its own TPP, authenticated, says that it has leaked.
    const token = { token: String(redeemed.body['access_token']) };
    expect((await parties.otherTpp.postAs('/token', form)).body['error']).toBe('invalid_grant');
    expect((await parties.bank.postAs('/introspect', token)).body).toMatchObject({ active: true });
    expect((await parties.tpp.postAs('/token', form)).body['error']).toBe('invalid_grant');
    expect((await parties.bank.postAs('/introspect', token)).body).toEqual({ active: false });
  });
});

// Last: the clock does not go back.
describe('a link that came too late', () => {
  it('shows nothing, and a payment page that was open can no longer begin', async () => {
    const pushed = await parties.tpp.push();
    const page = await parties.tpp.send('GET', pushed.authorizationUrl.pathname + pushed.authorizationUrl.search, {
      headers: {},
    });
    const path = new URL(page.headers.get('location') ?? '').pathname;
    world.clock.advance(301_000);
    const link = pushed.authorizationUrl.pathname + pushed.authorizationUrl.search;
    expect((await refused(() => parties.tpp.get(link))).status).toBe(400);
    const begin = { headers: { origin: parties.tpp.issuer } };
    const pressed = await parties.tpp.send('POST', `${path}/start/this`, begin);
    // The first press after the time ends the consent, which is one event, and offers the way back.
    const ended = await world.database.asOwner(`select state from consent where id = '${pushed.consentId}'`);
    expect([pressed.status, pressed.headers.get('location'), ended]).toEqual([303, path, [{ state: 'expired' }]]);
  });
});
