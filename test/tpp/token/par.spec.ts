import { TokenSteps } from '../../support/token/token-steps.ts';
import { atRest, callback, payment } from '../../support/system/system.ts';
import type { RawAnswer } from '../../support/parties/exchange.ts';
import type { Fields } from '../../support/parties/raw-client.ts';

let steps: TokenSteps;
beforeAll(async () => {
  steps = await TokenSteps.start(atRest);
});
afterAll(() => steps.stop());

async function pushFields(party = steps.tpp): Promise<Record<string, string>> {
  return { ...party.pushFields(), ...(await party.authentication()) };
}

/** A push that is right and has no proof, but for `changes`. */
async function push(changes: Fields = {}, party = steps.tpp): Promise<RawAnswer> {
  return party.post('/par', { ...(await pushFields(party)), ...changes });
}

const details = (changes: object): Fields => ({ authorization_details: JSON.stringify([{ ...payment, ...changes }]) });
const amount = (currency: unknown, value: unknown): Fields =>
  details({ instructedAmount: { currency, amount: value } });

describe('a pushed request', () => {
  it('creates one consent and says its name, the reference and its life', async () => {
    const before = await steps.count('consent');
    const response = await push();
    expect(response.status).toBe(201);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.body).toEqual({
      request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:[\w-]{43}$/),
      expires_in: 300,
      consent_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(await steps.count('consent')).toBe(before + 1);
  });

  it.each<[string, Fields]>([
    ['without state', { state: undefined }],
    ['with a state of a thousand characters', { state: 'x'.repeat(1000) }],
    ['with a nonce and other parameters that mean nothing to us', { nonce: 'n'.repeat(500), acr_values: 'a' }],
    ['with another https redirect URI', { redirect_uri: 'https://ny.butik.example/' }],
    ['for a named payer', { login_hint: 'personnummer:199001012385' }],
  ])('is accepted %s', async (_, changes) => {
    expect((await push(changes)).status).toBe(201);
  });

  it.each<[string, string, string, Fields]>([
    ['no response_type', 'invalid_request', '/response_type', { response_type: undefined }],
    ['response_type id_token', 'unsupported_response_type', '/response_type', { response_type: 'code id_token' }],
    ['response_mode fragment', 'invalid_request', '/response_mode', { response_mode: 'fragment' }],
    ['response_mode jwt', 'invalid_request', '/response_mode', { response_mode: 'jwt' }],
    ['a scope that gives machines rights', 'invalid_scope', '/scope', { scope: 'openid consume' }],
    ['a request_uri', 'invalid_request', '/request_uri', { request_uri: 'urn:ietf:params:oauth:request_uri:a' }],
    ['a request object that is none', 'invalid_request_object', '/request', { request: 'e30.e30.' }],
    ['no code_challenge', 'invalid_request', '/code_challenge', { code_challenge: undefined }],
    ['no challenge method', 'invalid_request', '/code_challenge_method', { code_challenge_method: undefined }],
    ['the method plain', 'invalid_request', '/code_challenge_method', { code_challenge_method: 'plain' }],
    ['a short challenge', 'invalid_request', '/code_challenge', { code_challenge: 'abc' }],
    ['no redirect_uri', 'invalid_request', '/redirect_uri', { redirect_uri: undefined }],
    ['an http redirect_uri', 'invalid_request', '/redirect_uri', { redirect_uri: 'http://butik.example/' }],
    ['a redirect_uri with a fragment', 'invalid_request', '/redirect_uri', { redirect_uri: `${callback}#a` }],
    ['a resource that is no bank', 'invalid_target', '/resource', { resource: 'https://bank.example' }],
    ['no resource where there are two banks', 'invalid_target', '/resource', { resource: undefined }],
    ['a login_hint of another kind', 'invalid_request', '/login_hint', { login_hint: 'anna@example.com' }],
    ['a wrong check digit', 'invalid_request', '/login_hint', { login_hint: 'personnummer:199001012384' }],
    ['a state with a line break', 'invalid_request', '/state', { state: 'a\nb' }],
    ['a malformed dpop_jkt', 'invalid_request', '/dpop_jkt', { dpop_jkt: 'abc' }],
    ['no authorization_details', 'invalid_request', '/authorization_details', { authorization_details: undefined }],
  ])('is refused with %s', async (_, error, pointer, changes) => {
    await expectRefusal(changes, error, pointer);
  });

  const at = '/authorization_details/0';
  it.each<[string, string, Fields]>([
    ['details that are not JSON', '/authorization_details', { authorization_details: '[{' }],
    ['two objects', '/authorization_details/1', { authorization_details: JSON.stringify([payment, payment]) }],
    ['an unknown type', `${at}/type`, details({ type: 'account_information' })],
    ['an unknown member', `${at}/colour`, details({ colour: 'red' })],
    ['no amount', `${at}/instructedAmount`, details({ instructedAmount: undefined })],
    ['three decimals in SEK', `${at}/instructedAmount/amount`, amount('SEK', '12.345')],
    ['zero', `${at}/instructedAmount/amount`, amount('SEK', '0.00')],
    ['a negative amount', `${at}/instructedAmount/amount`, amount('SEK', '-1.00')],
    ['an amount as a number', `${at}/instructedAmount/amount`, amount('SEK', 12)],
    ['a malformed currency', `${at}/instructedAmount/currency`, amount('kr', '12.00')],
    ['a wrong IBAN', `${at}/creditorAccount/iban`, details({ creditorAccount: { iban: 'SE4550000000058398257467' } })],
    ['a wrong bankgiro', `${at}/creditorAccount/bankgiro`, details({ creditorAccount: { bankgiro: '5050-1056' } })],
    ['a payee with a line break', `${at}/creditorName`, details({ creditorName: 'El\nbolaget' })],
    ['a payee with a bidi control', `${at}/creditorName`, details({ creditorName: 'El\u202ebolaget' })],
    ['a payee with a Cyrillic letter', `${at}/creditorName`, details({ creditorName: 'Elbоlaget' })],
    ['a later date', `${at}/requestedExecutionDate`, details({ requestedExecutionDate: '2026-12-24' })],
  ])('is refused with %s, by JSON pointer', async (_, pointer, changes) => {
    await expectRefusal(changes, 'invalid_authorization_details', pointer);
  });

  it('is refused when a parameter comes twice', async () => {
    const fields = new URLSearchParams(await pushFields());
    fields.append('state', 'other');
    const response = await steps.tpp.send('POST', '/par', { body: fields, headers: {} });
    expect(response.body).toMatchObject({
      error: 'invalid_request',
      error_description: expect.stringContaining('/state:'),
    });
  });

  it('never shows the personal number that was wrong', async () => {
    const { text } = await push({ login_hint: 'personnummer:199001012384' });
    expect(text).not.toContain('19900101');
  });

  it('takes the form by POST only', async () => {
    const json = { body: '{"response_type":"code"}', headers: { 'content-type': 'application/json' } };
    const got = await steps.tpp.get('/par');
    expect(got.status).toBe(405);
    expect(got.headers.get('allow')).toBe('POST');
    expect((await steps.tpp.send('POST', '/par', json)).status).toBe(415);
  });

  it('is for TPPs: a bank and an auditor are refused', async () => {
    for (const party of [steps.bank, steps.parties.auditor]) {
      const response = await push({}, party);
      expect(response.status).toBe(403);
      expect(response.body).toMatchObject({ error: 'unauthorized_client' });
    }
  });
});

describe('the client of a pushed request', () => {
  it('is refused alike when it is unknown and when it signs with another key', async () => {
    const { tpp, otherTpp } = steps.parties;
    const stranger = await push({
      ...(await steps.parties.otherTpp.authentication({ claims: { iss: 'nobody', sub: 'nobody' } })),
      client_id: 'nobody',
    });
    const foreignKey = await push({
      client_assertion: (await otherTpp.authentication({ claims: { iss: tpp.id, sub: tpp.id } }))['client_assertion'],
    });
    expect(stranger.status).toBe(401);
    expect(foreignKey.status).toBe(401);
    expect(foreignKey.body).toEqual(stranger.body);
  });

  it.each<[string, (issuer: string) => unknown]>([
    ['the address of the push as aud', (issuer) => `${issuer}/par`],
    ['our issuer in a list as aud', (issuer) => [issuer]],
  ])('is refused with %s', async (_, audienceOf) => {
    const aud = audienceOf(steps.tpp.issuer);
    const response = await push(await steps.tpp.authentication({ claims: { aud } }));
    expect(response.status).toBe(401);
    expect(response.body).toMatchObject({ error: 'invalid_client' });
  });

  it('is refused without an assertion, with a secret, or with an Authorization header', async () => {
    expect((await push({ client_assertion: undefined })).status).toBe(401);
    expect((await push({ client_secret: 'hemligt' })).status).toBe(401);
    const fields = await pushFields();
    expect((await steps.tpp.post('/par', fields, { Authorization: 'Basic c2hvcDp4' })).status).toBe(401);
  });

  it('uses an assertion once, also when the request was refused', async () => {
    const first = await steps.tpp.authentication();
    expect((await push(first)).status).toBe(201);
    expect((await push(first)).body).toMatchObject({ error: 'invalid_client' });
    const second = await steps.tpp.authentication();
    expect((await push({ ...second, response_type: 'token' })).status).toBe(400);
    expect((await push(second)).body).toMatchObject({ error: 'invalid_client' });
  });

  it('uses an assertion once when it comes twenty times at the same moment', async () => {
    const before = await steps.count('consent');
    const credentials = await steps.tpp.authentication();
    const answers = await Promise.all(Array.from({ length: 20 }, () => push(credentials)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, ...Array<number>(19).fill(401)]);
    expect(await steps.count('consent')).toBe(before + 1);
  });
});

describe('the DPoP key of a pushed request', () => {
  it('is bound by a proof or by its thumbprint, which must agree', async () => {
    const { tpp } = steps.parties;
    const proof = async (): Promise<Record<string, string>> => ({ DPoP: await tpp.proof('POST', '/par') });
    expect((await steps.tpp.post('/par', await pushFields(), await proof())).status).toBe(201);
    const agreeing = { ...(await pushFields()), dpop_jkt: await tpp.thumbprint() };
    expect((await steps.tpp.post('/par', agreeing, await proof())).status).toBe(201);
    const other = { ...(await pushFields()), dpop_jkt: await steps.bank.thumbprint() };
    expect((await steps.tpp.post('/par', other, await proof())).body).toMatchObject({ error: 'invalid_request' });
  });

  it('is required of a client registered so', async () => {
    expect((await push({}, steps.parties.otherTpp)).body).toMatchObject({ error: 'invalid_request' });
  });

  it('is not proven by a proof that was used before', async () => {
    const DPoP = await steps.tpp.proof('POST', '/par');
    expect((await steps.tpp.post('/par', await pushFields(), { DPoP })).status).toBe(201);
    const again = await steps.tpp.post('/par', await pushFields(), { DPoP });
    expect(again.body).toMatchObject({ error: 'invalid_dpop_proof' });
  });
});

async function expectRefusal(changes: Fields, error: string, pointer: string): Promise<void> {
  const before = await steps.count('consent');
  const response = await push(changes);
  expect(response.status).toBe(400);
  expect(response.body).toEqual({
    error,
    error_description: expect.stringContaining(`${pointer}: `),
    error_uri: expect.stringMatching(/^http:\/\/localhost:\d+\/problems\/[a-z]+\.[a-z-]+$/),
  });
  expect(await steps.count('consent')).toBe(before);
}
