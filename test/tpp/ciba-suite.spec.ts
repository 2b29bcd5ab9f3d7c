import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type * as oauth from 'openid-client';
import { findOrderIn, startApproval } from '../../sandbox/approval.ts';
import { freePort } from '../../sandbox/free-port.ts';
import { writeSuiteConfigurations } from '../../sandbox/suite.ts';
import { SECOND_MS } from '../../src/kernel/clock.ts';
import { PingReceiver, type ReceivedPing } from '../support/backchannel/ping-receiver.ts';
import { eventually } from '../support/eventually.ts';
import { quick, TestSystem } from '../support/system/system.ts';
import { CibaCaller, refusalOf, type CibaConfiguration, type RequestChanges } from '../support/token/ciba-caller.ts';
import { rsaKey } from '../support/token/object-signer.ts';

const INTERACTION = '6ba7b810-9dad-41d1-80b4-00c04fd430c8';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const PREFIX = 'suite-ciba-';
const MINUTE = 60;

let system: TestSystem;
let approval: Server;
let receiver: PingReceiver;
/** Of the receiver's certificate. */
let temporary: string;
let configurations: ReadonlyMap<string, CibaConfiguration>;
beforeAll(async () => {
  temporary = mkdtempSync(join(tmpdir(), 'sigill-suite-'));
  receiver = await PingReceiver.start(temporary);
  const suiteOrigin = `https://localhost:${receiver.port}`;
  system = await TestSystem.start({ tls: { suiteOrigin }, timings: quick, env: { PING_CA_FILE: receiver.rootFile } });
  const { app, database, folder } = system;
  const { issuer, clients } = system.system;
  const port = await freePort();
  const findOrder = (authReqId: string): ReturnType<typeof findOrderIn> => findOrderIn(database.ownerUrl, authReqId);
  approval = await startApproval({ port, app, findOrder });
  const urls = { mtlsUrl: await mtlsUrlOf(issuer), approvalUrl: `http://127.0.0.1:${port}/` };
  const consents = { jwt: 'one', mtls: 'two', mtlsDpop: 'three' };
  const paths = await writeSuiteConfigurations(join(folder, 'service'), { issuer, ...urls, clients, consents });
  const ours = paths.filter((path) => basename(path).startsWith(PREFIX));
  configurations = new Map(
    ours.map((path) => [
      basename(path, '.json').slice(PREFIX.length),
      JSON.parse(readFileSync(path, 'utf8')) as CibaConfiguration,
    ]),
  );
});
afterAll(async () => {
  approval.close();
  await system.stop();
  await receiver.stop();
  rmSync(temporary, { recursive: true });
});

async function mtlsUrlOf(issuer: string): Promise<string> {
  const answer = await fetch(`${issuer}/.well-known/openid-configuration`);
  const metadata = (await answer.json()) as oauth.ServerMetadata;
  return new URL(metadata.mtls_endpoint_aliases?.token_endpoint ?? '').origin;
}

function callerOf(variant: string, which: 1 | 2 = 1): Promise<CibaCaller> {
  const configuration = configurations.get(variant);
  if (!configuration) throw new Error(`no configuration ${variant}`);
  return CibaCaller.of(variant, configuration, which);
}

type Token = Awaited<ReturnType<CibaCaller['redeem']>>;

/** Asks until there is an outcome other than that it is pending. */
function outcomeOf(caller: CibaCaller, authReqId: string): Promise<Token | readonly [number, string]> {
  return eventually(async () => {
    let token: Token | undefined;
    const refusal = await refusalOf(async () => (token = await caller.redeem(authReqId)));
    if (refusal[1] === 'authorization_pending' || refusal[1] === 'slow_down') return undefined;
    return token ?? refusal;
  });
}

async function logIn(caller: CibaCaller, changes: RequestChanges = {}): Promise<{ id: string; token: Token }> {
  const notification = caller.id.includes('ping') ? { client_notification_token: 'a'.repeat(64) } : {};
  const { auth_req_id: id } = await caller.request({ ...changes, claims: { ...notification, ...changes.claims } });
  expect(await refusalOf(() => caller.redeem(id))).toEqual([400, 'authorization_pending']);
  await caller.answer(id, 'allow');
  if (caller.id.includes('ping')) await pingOf(id);
  const token = await outcomeOf(caller, id);
  if (Array.isArray(token)) throw new Error(`refused: ${token.join(' ')}`);
  return { id, token: token as Token };
}

function pingsOf(authReqId: string): readonly ReceivedPing[] {
  return receiver.pings.filter(({ body }) => (body as { readonly auth_req_id?: string }).auth_req_id === authReqId);
}

function pingOf(authReqId: string): Promise<ReceivedPing> {
  return eventually(() => Promise.resolve(pingsOf(authReqId)[0]));
}

const all = ['private_key_jwt-poll', 'private_key_jwt-ping', 'mtls-poll', 'mtls-ping'];

describe('the suite logs in two clients by phone, without a person:', () => {
  it.each(all)('%s', async (variant) => {
    const first = await callerOf(variant, 1);
    const { token } = await logIn(first);
    expect([token.token_type, token.claims()?.aud]).toEqual(['bearer', first.id]);
    for (const accept of ['application/json;charset=UTF-8', 'application/json, */*']) {
      const answer = await first.read(token.access_token, { accept, 'x-fapi-interaction-id': INTERACTION });
      expect([answer.status, answer.headers.get('x-fapi-interaction-id')]).toEqual([200, INTERACTION]);
      expect(answer.headers.get('date')).toMatch(/ GMT$/);
      expect(answer.headers.get('content-type')).toMatch(/^application\/json\b/);
      expect(await answer.json()).toMatchObject({ sub: token.claims()?.sub });
    }

    const second = await callerOf(variant, 2);
    const acr = configurations.get(variant)?.client2.acr_value ?? '';
    expect(second.metadata['acr_values_supported']).toContain(acr);
    const other = await logIn(second, {
      claims: { acr_values: acr, requested_expiry: 300 },
      header: { typ: 'OautH-auThZ-REQ+jWt' },
    });
    expect(other.token.claims()?.acr).toBe(acr);
    const own = await second.read(other.token.access_token);
    expect([own.status, UUID.test(own.headers.get('x-fapi-interaction-id') ?? '')]).toEqual([200, true]);
    expect((await first.read(other.token.access_token)).status).toBe(401);
    expect(await refusalOf(() => second.redeem(other.id))).toEqual([400, 'invalid_grant']);
  });
});

describe('a request of the suite', () => {
  it.each(all)('is denied: %s', async (variant) => {
    const caller = await callerOf(variant);
    const notification = variant.endsWith('ping') ? { client_notification_token: 'a'.repeat(1024) } : {};
    const { auth_req_id: id } = await caller.request({ claims: notification });
    await caller.answer(id, 'deny');
    expect(await outcomeOf(caller, id)).toEqual([400, 'access_denied']);
  });

  it('is pending, and then slowed down, however often its client asks', async () => {
    const caller = await callerOf('private_key_jwt-poll');
    const { auth_req_id: id } = await caller.request();
    const answers = [];
    for (let call = 0; call < 20; call += 1) answers.push(await refusalOf(() => caller.redeem(id)));
    expect(answers[0]).toEqual([400, 'authorization_pending']);
    for (const answer of answers.slice(1)) expect(answer).toEqual([400, 'slow_down']);
  });

  it('expires after 30 seconds, written as a number or as text', async () => {
    const caller = await callerOf('mtls-poll');
    for (const requested_expiry of [30, '30']) {
      const { auth_req_id: id, expires_in: seconds } = await caller.request({ claims: { requested_expiry } });
      expect(seconds).toBe(30);
      system.clock.advance(30 * SECOND_MS);
      expect(await refusalOf(() => caller.redeem(id))).toEqual([400, 'expired_token']);
      system.clock.advance(-30 * SECOND_MS);
    }
  });

  it('may show 1234, and nothing that no telephone could show', async () => {
    const caller = await callerOf('private_key_jwt-poll');
    const { token } = await logIn(caller, { claims: { binding_message: '1234' } });
    expect(token.claims()?.sub).toBeDefined();
    const bad = `1234 \u{1F44D}\u{1F3FF} 品川 ${'Lorem ipsum dolor sit amet, '.repeat(17)}`;
    expect(await refusalOf(() => caller.request({ claims: { binding_message: bad } }))).toEqual([
      400,
      'invalid_binding_message',
    ]);
  });

  it('is another client’s, whoever asks', async () => {
    const [first, second] = [await callerOf('mtls-poll', 1), await callerOf('mtls-poll', 2)];
    const { auth_req_id: id } = await first.request();
    expect(await refusalOf(() => second.redeem(id))).toEqual([400, 'invalid_grant']);
  });
});

describe('a ping', () => {
  const notification = { client_notification_token: 'a'.repeat(1024) };

  it('says which request has an outcome, under the token of the request, and nothing else', async () => {
    const caller = await callerOf('private_key_jwt-ping');
    const { auth_req_id: id } = await caller.request({ claims: notification });
    await caller.answer(id, 'deny');
    expect(await pingOf(id)).toEqual({
      method: 'POST',
      path: '/test/a/sigill/ciba-notification-endpoint',
      authorization: `Bearer ${notification.client_notification_token}`,
      contentType: 'application/json',
      body: { auth_req_id: id },
    });
    expect(await refusalOf(() => caller.redeem(id))).toEqual([400, 'access_denied']);
  });

  it.each([200, 401, 403, { redirect: '/elsewhere' }])('may be answered %j, and the token is there', async (answer) => {
    receiver.react(answer);
    const caller = await callerOf('mtls-ping');
    const { id, token } = await logIn(caller, { claims: notification });
    expect(token.claims()?.aud).toBe(caller.id);
    expect(pingsOf(id)).toHaveLength(1);
    expect(receiver.pings.map(({ path }) => path)).not.toContain('/elsewhere');
  });
});

describe('the suite is refused a request object', () => {
  const now = Math.floor(Date.now() / 1000);
  const wrong: readonly (readonly [string, () => Promise<RequestChanges> | RequestChanges])[] = [
    ['without aud', () => ({ claims: { aud: undefined } })],
    ['for another server', () => ({ claims: { aud: 'https://other.example' } })],
    ['without iss', () => ({ claims: { iss: undefined } })],
    ['of another iss', () => ({ claims: { iss: 'suite-ciba-jwt-poll-2' } })],
    ['without exp', () => ({ claims: { exp: undefined } })],
    ['that has expired', () => ({ claims: { exp: now - 5 * MINUTE, nbf: now - 10 * MINUTE } })],
    ['for 70 minutes', () => ({ claims: { exp: now + 70 * MINUTE } })],
    ['without iat', () => ({ claims: { iat: undefined } })],
    ['without nbf', () => ({ claims: { nbf: undefined } })],
    ['that begins in 10 minutes', () => ({ claims: { nbf: now + 10 * MINUTE, exp: now + 15 * MINUTE } })],
    ['that began 70 minutes ago', () => ({ claims: { nbf: now - 70 * MINUTE } })],
    ['without jti', () => ({ claims: { jti: undefined } })],
    ['signed with RS256', async () => ({ header: { alg: 'RS256' }, key: await rsaKey('RS256') })],
    ['signed by another', async () => ({ key: (await callerOf('mtls-poll')).key })],
    ['with two hints', () => ({ claims: { login_hint: 'join@example.com', login_hint_token: 'x' } })],
  ];
  it.each(wrong)('%s', async (_what, make) => {
    const caller = await callerOf('private_key_jwt-poll');
    const changes = await make();
    expect(await refusalOf(() => caller.request(changes))).toEqual([400, 'invalid_request']);
  });

  it('with alg none, with another signature, or in plain parameters', async () => {
    const caller = await callerOf('private_key_jwt-poll');
    const signed = await caller.sign();
    const [header = '', payload = ''] = signed.split('.');
    const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    const broken = `${header}.${payload}.${'A'.repeat(342)}`;
    for (const form of [{ request: `${none}.${payload}.` }, { request: broken }, { scope: 'openid' }]) {
      expect(await refusalOf(() => caller.send(form))).toEqual([400, 'invalid_request']);
    }
  });
});

describe('a client of the suite is not known', () => {
  it('by a client_id of another beside its certificate', async () => {
    const [first, second] = [await callerOf('mtls-poll', 1), await callerOf('mtls-poll', 2)];
    const request = await second.sign();
    expect(await first.sendBare({ request, client_id: second.id })).toEqual([401, 'invalid_client']);
  });
});
