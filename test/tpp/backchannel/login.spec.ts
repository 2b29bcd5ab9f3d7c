import { decodeJwt } from 'jose';
import { SHOP_RETURN } from '../../../sandbox/clients.ts';
import { ANYBODY, BackchannelSteps } from '../../support/backchannel/backchannel-steps.ts';
import { tamper } from '../../support/database/tamper.ts';
import { eventually } from '../../support/eventually.ts';
import type { BackchannelClient, Requested } from '../../support/parties/backchannel-client.ts';
import type { RawAnswer } from '../../support/parties/exchange.ts';
import { anna, bo, payment } from '../../support/system/system.ts';

let steps: BackchannelSteps;
/** A shop that lets persons log in, and takes no payments here. */
let shop: BackchannelClient;

beforeAll(async () => {
  steps = await BackchannelSteps.start();
  shop = await steps.connect(steps.world.system.clients.rp);
});
afterAll(() => steps.stop());

const INFO = 'https://id.oidc.se/scope/naturalPersonInfo';
const NUMBER = 'https://id.oidc.se/scope/naturalPersonNumber';

/** A login by QR code that is right, and no payment. */
const LOGIN = {
  ...ANYBODY,
  authorization_details: undefined,
  resource: undefined,
  scope: `openid ${INFO} ${NUMBER}`,
  nonce: 'n-0S6_WzA2Mj',
} as const;

const IN_A_CALL = {
  ...LOGIN,
  bankid_start: 'phone',
  end_user_ip: undefined,
  operator_reference: 'desk-7',
  binding_message: 'W4SCT',
  login_hint: `personnummer:${bo}`,
} as const;

const until = (requested: Requested, state: string): Promise<true> =>
  eventually(async () => ((await shop.call(requested, 'GET')).body['state'] === state ? true : undefined));

async function identified(changes: Readonly<Record<string, unknown>> = LOGIN): Promise<Requested> {
  const requested = await shop.request(changes);
  const { text } = await shop.call(requested, 'GET', '/qr');
  await steps.sign((await steps.world.app.scan(text)).id);
  await until(requested, 'done');
  return requested;
}

/** What /userinfo says to the holder of the token. */
async function userinfo({ key }: Requested, { body }: RawAnswer): Promise<RawAnswer> {
  const token = String(body['access_token']);
  const headers = { authorization: `DPoP ${token}`, dpop: await key.proof('GET', '/userinfo', token) };
  return shop.raw.get('/userinfo', headers);
}

async function refusal(changes: Readonly<Record<string, unknown>>, client = shop): Promise<string> {
  const { status, body } = await steps.world.refused(() => client.ask(changes));
  return `${status} ${String(body['error'])}`;
}

describe('a login is no payment, and a payment no login', () => {
  it.each<readonly [string, Readonly<Record<string, unknown>>, string]>([
    ['with details', { authorization_details: [payment] }, '403 unauthorized_client'],
    ['with empty details', { authorization_details: [] }, '403 unauthorized_client'],
    ['with lost details', { authorization_details: null }, '403 unauthorized_client'],
    ['with a resource', { resource: 'https://api.exempelbanken.example/payments' }, '400 invalid_target'],
    ['with a scope of a payment', { scope: `openid ${INFO} consents` }, '400 invalid_scope'],
    ['without a scope of a login', { scope: 'openid' }, '400 invalid_request'],
    ['with a binding_message that is none', { binding_message: 'https://x.example' }, '400 invalid_binding_message'],
    ['with a nonce that is none', { nonce: 'ö' }, '400 invalid_request'],
  ])('%s: the shop is refused', async (_, changes, expected) => {
    expect(await refusal({ ...LOGIN, ...changes })).toBe(expected);
  });

  it('in a call, a login says its code, and who called is registered', async () => {
    expect(await refusal({ ...IN_A_CALL, binding_message: undefined })).toBe('400 invalid_binding_message');
    expect(await refusal({ ...IN_A_CALL, call_initiator: 'RP' })).toBe('400 unauthorized_client');
    expect(await refusal({ ...IN_A_CALL, login_hint: undefined })).toBe('400 invalid_request');
  });

  it('a TPP that has no logins is refused one', async () => {
    expect(await refusal(LOGIN, steps.tpp)).toBe('400 unauthorized_client');
  });
});

describe('a person logs in', () => {
  it('by a QR code: the client learns who they are, and gets no consent', async () => {
    const requested = await identified();
    expect(requested.consentId).toBe('undefined');
    const answer = await shop.poll(requested);
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        access_token: expect.any(String),
        token_type: 'DPoP',
        expires_in: 300,
        id_token: expect.any(String),
        scope: LOGIN.scope,
      },
    ]);
    const idToken = decodeJwt(String(answer.body['id_token']));
    expect(idToken).toMatchObject({ aud: shop.raw.id, nonce: LOGIN.nonce, amr: ['mfa'] });
    const info = await userinfo(requested, answer);
    expect(info.body).toMatchObject({ sub: idToken.sub, 'https://id.oidc.se/claim/personalIdentityNumber': anna });
    expect((await shop.poll(requested)).body).toMatchObject({ error: 'invalid_grant' });
    expect((await userinfo(requested, answer)).status).toBe(200);
  });

  it('and the token consumes nothing', async () => {
    const [login, paid] = [await identified(), await steps.authorised()];
    const token = await shop.poll(login);
    expect(await steps.consume(paid, token)).toBe(422);
  });

  it('and, unlike a payment that is done, does not take it back: the token is revoked by itself', async () => {
    const [paid, login] = [await steps.authorised(), await identified()];
    const [consent, token] = [await steps.tpp.poll(paid), await shop.poll(login)];
    expect((await steps.tpp.call(paid, 'DELETE')).status).toBe(204);
    expect(await steps.consume(paid, consent)).toBe(409);
    expect((await shop.call(login, 'DELETE')).status).toBe(409);
    expect((await userinfo(login, token)).status).toBe(200);
    expect((await shop.raw.postAs('/revoke', { token: String(token.body['access_token']) })).status).toBe(200);
    expect((await userinfo(login, token)).status).toBe(401);
  });

  it('in the app of the client, which BankID opens again', async () => {
    const requested = await shop.request({ ...LOGIN, bankid_start: 'app', return_uri: SHOP_RETURN });
    const { body } = await shop.call(requested, 'POST', '/launch');
    const { id } = await steps.world.app.open(new URL(String(body['url'])).searchParams.get('autostarttoken') ?? '');
    const nonce = await steps.sign(id);
    const comeBack = (value: string): Promise<RawAnswer> =>
      shop.call(requested, 'POST', '/return', { body: { nonce: value } });
    expect((await comeBack('A'.repeat(43))).status).toBe(422);
    expect((await comeBack(nonce)).status).toBe(204);
    await until(requested, 'done');
    expect((await shop.poll(requested)).status).toBe(200);
  });

  it('in a phone call, with the code that the operator says', async () => {
    const requested = await shop.request(IN_A_CALL);
    expect(requested.interval).toBe(5);
    expect((await shop.poll(requested)).body).toMatchObject({ error: 'authorization_pending' });
    const { id } = await steps.world.app.openFor(bo);
    expect((await steps.world.app.getOrder(id)).text).toContain('W4SCT');
    await steps.world.app.answerCall(id, true);
    await steps.world.app.sign(id, { personalNumber: bo });
    await until(requested, 'done');
    const { status, body } = await shop.poll(requested);
    expect(status).toBe(200);
    expect(decodeJwt(String(body['id_token']))['acr']).toBe('urn:sigill:acr:bankid-identification-phone');
  });

  it('once: of 50 calls for the token one gets it', async () => {
    const requested = await identified();
    const answers = await Promise.all(Array.from({ length: 50 }, () => shop.poll(requested)));
    const refused = answers.filter(({ status }) => status !== 200).map(({ body }) => body['error']);
    expect(refused).toEqual(Array.from({ length: 49 }, () => 'invalid_grant'));
    expect(await steps.count('access_token', `kind = 'login' and revoked_at is null`)).toBeGreaterThan(0);
  });

  it('by the key of the request alone, and within five minutes', async () => {
    const [requested, late] = [await identified(), await identified()];
    const stranger = { ...requested, key: await shop.newKey() };
    expect((await shop.poll(stranger)).body).toMatchObject({ error: 'invalid_grant' });
    steps.advance(299);
    expect((await shop.poll(requested)).status).toBe(200);
    steps.advance(2);
    expect((await shop.poll(late)).body).toMatchObject({ error: 'expired_token' });
  });
});

describe("what the database's owner changes of a request", () => {
  const change = (set: string, ...values: readonly unknown[]): Promise<number> =>
    tamper(steps.database, 'backchannel_request', `update backchannel_request r set ${set} where r.id = $1`, values);
  const rowOf = async ({ id }: Requested): Promise<Readonly<Record<string, unknown>>> => {
    const sql = 'select login_id, auth_req_id_hash, request_object_sealed from backchannel_request where id = $1';
    return (await steps.database.asOwner(sql, [id]))[0] ?? {};
  };

  it.each([
    ['the login of another', 'login_id = $2'],
    ['the login and the sealed request of another', 'login_id = $2, request_object_sealed = $3'],
  ])('gives nobody %s', async (_, set) => {
    const [own, other] = [await identified(), await identified()];
    const { login_id: login, request_object_sealed: sealed } = await rowOf(other);
    await tamper(steps.database, 'backchannel_request', 'delete from backchannel_request where id = $1', [other.id]);
    await change(set, own.id, login, ...(set.includes('$3') ? [sealed] : []));
    expect((await shop.poll(own)).body).toMatchObject({ error: 'invalid_grant' });
  });

  it('gives nobody the login of another by the auth_req_id of its own', async () => {
    const [own, other] = [await identified(), await identified()];
    const { auth_req_id_hash: hash } = await rowOf(own);
    await tamper(steps.database, 'backchannel_request', 'delete from backchannel_request where id = $1', [own.id]);
    await change('auth_req_id_hash = $2, jkt = $3', other.id, hash, own.key.jkt);
    expect((await shop.poll(own)).body).toMatchObject({ error: 'invalid_grant' });
  });
});

describe('a login of which nothing comes', () => {
  it('was declined, taken back or forgotten', async () => {
    const [declined, cancelled, forgotten] = [
      await shop.request(LOGIN),
      await shop.request(LOGIN),
      await shop.request({ ...LOGIN, requested_expiry: 30 }),
    ];
    const { text } = await shop.call(declined, 'GET', '/qr');
    await steps.world.app.cancel((await steps.world.app.scan(text)).id);
    await until(declined, 'ended');
    expect((await shop.call(cancelled, 'DELETE')).status).toBe(204);
    expect((await shop.call(cancelled, 'DELETE')).status).toBe(409);
    steps.advance(31);
    await until(forgotten, 'ended');
    const answers = await Promise.all([declined, cancelled, forgotten].map((one) => shop.poll(one)));
    expect(answers.map(({ body }) => body)).toMatchObject([
      { error: 'access_denied', error_description: 'declined' },
      { error: 'access_denied', error_description: 'cancelled' },
      { error: 'expired_token', error_description: expect.any(String) },
    ]);
  });
});

it('leaves no chain of events that its rows contradict', async () => {
  expect(await steps.auditFindings()).toEqual([]);
});
