import { ANYBODY, BackchannelSteps } from '../../support/backchannel/backchannel-steps.ts';
import { requestedOf, type BackchannelClient } from '../../support/parties/backchannel-client.ts';
import type { RawAnswer } from '../../support/parties/exchange.ts';
import { foreignKey } from '../../support/parties/raw-client.ts';
import { payment } from '../../support/system/system.ts';

const LOGIN = 'openid https://id.oidc.se/scope/naturalPersonInfo';
const ACR = '400 unmet_authentication_requirements /claims';
const DETAILS = '400 invalid_authorization_details /authorization_details/0/creditorName';

let steps: BackchannelSteps;
let tpp: BackchannelClient;

beforeAll(async () => {
  steps = await BackchannelSteps.start();
  tpp = steps.tpp;
});
afterAll(() => steps.stop());

const pageOf = (code: string): string => `${tpp.raw.issuer}/problems/${code}`;

const refused = (request: () => Promise<RawAnswer>): Promise<RawAnswer> => steps.world.refused(request);

/** The error of a request that must leave nothing behind, with the pointer in its description. */
async function refusal(request: () => Promise<RawAnswer>): Promise<string> {
  const { status, body, text } = await refused(request);
  const [, pointer = ''] = /"error_description":"(\/[^:]*): /.exec(text) ?? [];
  return `${status} ${String(body['error'])} ${pointer}`.trim();
}

describe('a backchannel request', () => {
  it('is found in the metadata, with what is done and what is not', async () => {
    const { issuer } = tpp.raw;
    const metadata: unknown = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
    expect(metadata).toMatchObject({
      backchannel_authentication_endpoint: `${issuer}/backchannel`,
      backchannel_token_delivery_modes_supported: ['poll', 'ping'],
      backchannel_authentication_request_signing_alg_values_supported: ['ES256', 'PS256', 'EdDSA', 'Ed25519'],
      backchannel_user_code_parameter_supported: false,
      grant_types_supported: expect.arrayContaining(['urn:openid:params:grant-type:ciba']),
    });
  });

  it.each<readonly [string, Readonly<Record<string, unknown>>, string]>([
    ['by a way that is not registered', { bankid_start: 'phone' }, '400 unauthorized_client /bankid_start'],
    ['by the phone, where nothing else is said', { bankid_start: undefined }, '400 unauthorized_client /bankid_start'],
    ['with two hints', { login_hint_token: 'x' }, '400 invalid_request /login_hint'],
    ['with an id_token_hint', { login_hint: undefined, id_token_hint: 'x' }, '400 invalid_request /id_token_hint'],
    ['with a user_code', { user_code: '1234' }, '400 invalid_request /user_code'],
    ['with a binding_message', { binding_message: 'W4SCT' }, '400 invalid_binding_message /binding_message'],
    ['with an address that is none', { end_user_ip: 'localhost' }, '400 invalid_request /end_user_ip'],
    ['without an address', { end_user_ip: undefined }, '400 invalid_request /end_user_ip'],
    ['with another scope', { scope: 'openid profile' }, '400 invalid_scope /scope'],
    ['with another bank', { resource: 'https://none.example' }, '400 invalid_target /resource'],
    ['with an acr that is not ours', { claims: { id_token: { acr: { essential: true, value: 'x' } } } }, ACR],
    ['with half a payment', { authorization_details: [{ ...payment, creditorName: '' }] }, DETAILS],
    [
      'with no payment in its details',
      { authorization_details: [] },
      '400 invalid_authorization_details /authorization_details',
    ],
    [
      'with nothing in its details',
      { authorization_details: null },
      '400 invalid_authorization_details /authorization_details',
    ],
    ['without details', { authorization_details: undefined }, '400 invalid_request /authorization_details'],
    [
      'for a login, of a TPP that has none',
      { authorization_details: undefined, scope: LOGIN },
      '400 unauthorized_client',
    ],
    ['with a time that is none', { requested_expiry: 0 }, '400 invalid_request /requested_expiry'],
    ['with what belongs to a call', { operator_reference: 'desk-7' }, '400 invalid_request /operator_reference'],
  ])('%s is refused, and nothing is left of it', async (_, changes, expected) => {
    expect(await refusal(() => tpp.ask(changes))).toBe(expected);
  });

  it('is signed, by a key of its client, with nothing beside it', async () => {
    const key = await tpp.newKey();
    const send = async (request: string, fields = {}): Promise<string> =>
      refusal(() => tpp.send(request, key, {}, fields));
    const right = await tpp.sign();
    expect(await send('', { scope: 'openid', request: undefined })).toMatch(/^400 invalid_request/);
    expect(await send(right, { scope: 'openid' })).toBe('400 invalid_request /scope');
    expect(await send(right, { client_notification_token: 'a'.repeat(30) })).toBe(
      '400 invalid_request /client_notification_token',
    );
    for (const request of [
      'x',
      `${right.slice(0, -4)}AAAA`,
      await tpp.sign({ key: await foreignKey() }),
      await tpp.sign({ header: { typ: 'dpop+jwt' } }),
    ]) {
      expect(await send(request)).toBe('400 invalid_request /request');
    }
  });

  it.each<readonly [string, (now: number) => Readonly<Record<string, unknown>>]>([
    ['without iss', () => ({ iss: undefined })],
    ['of another iss', () => ({ iss: 'exempelbetal' })],
    ['without aud', () => ({ aud: undefined })],
    ['for another server', () => ({ aud: 'https://as.example' })],
    ['without iat', () => ({ iat: undefined })],
    ['without nbf', () => ({ nbf: undefined })],
    ['without exp', () => ({ exp: undefined })],
    ['without jti', () => ({ jti: undefined })],
    ['that has expired', (now) => ({ nbf: now - 600, exp: now - 1 })],
    ['that is good for 70 minutes', (now) => ({ exp: now + 4200 })],
    ['that begins in ten minutes', (now) => ({ nbf: now + 600, exp: now + 900 })],
    ['that began 70 minutes ago', (now) => ({ nbf: now - 4200 })],
    ['of a client assertion', () => ({ sub: 'appbetal' })],
    ['within another', () => ({ request: 'x' })],
  ])('%s is refused', async (_, claims) => {
    expect(await refusal(() => tpp.ask(claims(tpp.raw.now)))).toBe('400 invalid_request /request');
  });

  it('is of clients that are registered for it', async () => {
    const { tpp: other, bank } = steps.parties;
    expect(await refusal(() => other.postAs('/backchannel', { request: 'x' }))).toBe('400 unauthorized_client');
    expect(await refusal(() => bank.postAs('/backchannel', { request: 'x' }))).toBe('403 unauthorized_client');
    expect((await tpp.raw.post('/backchannel', { client_id: tpp.raw.id, request: 'x' })).body).toMatchObject({
      error: 'invalid_client',
    });
    expect((await tpp.raw.get('/backchannel')).status).toBe(405);
  });
});

describe('a request whose order BankID does not make', () => {
  it('is 503 while BankID is down, and the same one may be sent again', async () => {
    const [signed, key] = [await tpp.sign({ claims: { ...tpp.appClaims(), ...ANYBODY } }), await tpp.newKey()];
    const before = await steps.count('backchannel_request', 'refused_at is null');
    await steps.world.app.setFault({
      next: 'request',
      endpoint: 'sign',
      kind: 'error',
      status: 503,
      errorCode: 'Maintenance',
    });
    const answer = await tpp.send(signed, key, { 'idempotency-key': 'order-2' });
    expect([answer.status, answer.body['error'], answer.headers.get('retry-after')]).toEqual([
      503,
      'temporarily_unavailable',
      expect.stringMatching(/^\d+$/),
    ]);
    expect(await steps.count('backchannel_request', 'refused_at is null')).toBe(before);
    expect(await steps.count('consent', "way = 'app' and state <> 'rejected'")).toBe(0);
    const requested = requestedOf(await tpp.send(signed, key, { 'idempotency-key': 'order-2' }), key);
    expect(await steps.stateOf(requested)).toBe('waiting');
    await tpp.call(requested, 'DELETE');
  });

  it('is access_denied where the person has an order elsewhere, and says no more', async () => {
    const requested = await tpp.request();
    const { status, body } = await tpp.ask();
    expect([status, body]).toEqual([
      403,
      {
        error: 'access_denied',
        error_description: 'The person cannot be asked at present.',
        error_uri: pageOf('person.busy'),
      },
    ]);
    await steps.until(requested, 'ended');
  });
});

describe('a signed request that was sent before', () => {
  it('is refused: its jti is used', async () => {
    const signed = await tpp.sign({ claims: ANYBODY });
    const [first, ...others] = await Promise.all(
      Array.from({ length: 10 }, async () => tpp.send(signed, await tpp.newKey())),
    ).then((answers) => answers.sort((one, other) => one.status - other.status));
    expect(first?.status).toBe(200);
    expect(others.map(({ status, body }) => [status, body['error']])).toEqual(
      Array.from({ length: 9 }, () => [400, 'invalid_request']),
    );
    expect((await tpp.send(signed, await tpp.newKey())).status).toBe(400);
  });

  it('gets the same answer with the same Idempotency-Key, for a minute', async () => {
    const key = await tpp.newKey();
    const send = async (claims: Readonly<Record<string, unknown>> = {}): Promise<RawAnswer> =>
      tpp.send(await tpp.sign({ claims: { ...ANYBODY, ...claims } }), key, { 'idempotency-key': 'order-1' });
    const answers = await Promise.all(Array.from({ length: 10 }, () => send()));
    expect(new Set(answers.map(({ body }) => JSON.stringify({ ...body, expires_in: 0 }))).size).toBe(1);
    const first = requestedOf(answers[0] ?? (await send()), key);
    expect((await tpp.poll(first)).body).toMatchObject({ error: 'authorization_pending' });
    const other = await send({ ui_locales: 'en' });
    expect([other.status, other.body]).toEqual([
      422,
      {
        error: 'invalid_request',
        error_description: 'Another request was sent with this Idempotency-Key.',
        error_uri: pageOf('request.idempotency-differs'),
      },
    ]);
    const elsewhere = await tpp.send(await tpp.sign({ claims: ANYBODY }), await tpp.newKey(), {
      'idempotency-key': 'order-1',
    });
    expect(elsewhere.status).toBe(422);
    steps.advance(61);
    const later = requestedOf(await send(), key);
    expect(later.id).not.toBe(first.id);
  });
});
