import { randomUUID } from 'node:crypto';
import { openStart } from '../../src/bankid-sign/order/sealed-order.ts';
import { Database } from '../../src/database/database.ts';
import { Envelope } from '../../src/vault/envelope.ts';
import { ANYBODY, BackchannelSteps } from '../support/backchannel/backchannel-steps.ts';
import { eventually } from '../support/eventually.ts';
import { BankSteps } from '../support/parties/bank-steps.ts';
import { findLogSecrets } from '../support/logs/log-secrets.ts';
import { Overheard } from '../support/logs/overheard.ts';
import { anna, payment } from '../support/system/system.ts';
import { withoutRandomHex } from '../support/random-hex.ts';

/** A login by QR code that is right. */
const LOGIN = {
  ...ANYBODY,
  authorization_details: undefined,
  resource: undefined,
  scope: 'openid https://id.oidc.se/scope/naturalPersonNumber',
} as const;

let steps: BankSteps;
let overheard: Overheard;
let log = '';

beforeAll(async () => {
  overheard = Overheard.listen();
  steps = await BankSteps.start({ logStream: { write: (line) => (log += line) } });
}, 60_000);
afterAll(async () => {
  overheard.stop();
  await steps.stop();
});

/** What starts the BankID app: known to the service and to BankID alone, so it is read where the service keeps it. */
async function startSecrets(): Promise<readonly string[]> {
  const { app } = steps.payer.world.system;
  const orders = await steps.payer.world.database.asOwner('select id, subject, start_sealed from sign_order');
  const opened = orders.map(async ({ id, subject, start_sealed: sealed }) => {
    const key = await app.get(Envelope).getDataKey(app.get(Database), String(subject));
    const { autoStartToken, qrStartToken, qrStartSecret } = openStart(key, String(id), sealed as Buffer);
    return [autoStartToken, qrStartToken, qrStartSecret].map((secret) => secret.reveal());
  });
  return (await Promise.all(opened)).flat();
}

/** What opens a payer's page until the first press. */
async function interactionIds(): Promise<readonly string[]> {
  const consents = await steps.payer.world.database.asOwner('select interaction_id from consent');
  return consents.map(({ interaction_id: id }) => String(id));
}

describe('the log at its most talkative', () => {
  it('of a whole payment, by link and by QR, holds nothing that opens, names or proves anything', async () => {
    const entitled = await steps.entitled();
    const { tpp, bank } = steps.parties;
    const pushed = await tpp.push(payment, { login_hint: `personnummer:${anna}` });
    const { browser } = await steps.payer.world.openInApp(pushed);
    await browser.post(`${browser.interactionPath}/cancel`);
    steps.payer.world.clock.advance(3_000);
    await browser.post(`${browser.interactionPath}/start/other`);
    await browser.waitFor('qr');
    const order = await steps.payer.scanNewest();
    await steps.payer.sign({ pushed, browser, orderId: order.id });
    await steps.introspect(entitled);
    await steps.consume(entitled, steps.consumption(entitled, 'log-1'));
    await steps.report(entitled, { execution: 'executed' });
    const list = await steps.read(`/consents/${entitled.consentId}/evidence`, 'audit');
    const [first] = list.body['evidence'] as readonly { readonly evidenceId: string }[];
    const evidence = await steps.read(`/evidence/${first?.evidenceId ?? ''}`, 'audit');
    overheard.add(
      ...String(evidence.body['signature'])
        .match(/.{1,64}/g)!
        .slice(0, 20),
    );
    await steps.read(`/evidence/${first?.evidenceId ?? ''}/verification`, 'audit');
    await bank.postAs('/revoke', { token: entitled.token });
    expect(log).toContain('"route":"/consents/:id/consume"');
    expect(log.split('\n').length).toBeGreaterThan(40);
  });

  it('of requests that carry secrets where none belong does not repeat them', async () => {
    const { tpp, bank } = steps.parties;
    const token = await bank.machineToken('consume');
    const before = log.length;
    const strays = [
      () => bank.get(`/consents/${anna}?personalNumber=${anna}&access_token=${token}`),
      () => bank.get(`/${token}/${anna}`),
      () => bank.send('GET', '/pay/' + 'x'.repeat(22), { headers: { cookie: `sigill=${token}`, 'user-agent': anna } }),
      () => bank.send('GET', `/consents/${randomUUID()}`, { headers: { authorization: `Bearer ${token}` } }),
      () => bank.get(`/consents/%E0%A4%A/${anna}`),
      () => tpp.postAs('/par', tpp.pushFields({ ...payment, creditorName: `Anna ${anna}\n${token}` })),
      () => tpp.postAs('/par', { ...tpp.pushFields(), login_hint: `personnummer:${anna}x`, [anna]: token }),
      () => tpp.postAs('/token', { grant_type: anna, code: token }),
      () =>
        tpp.post('/par', {
          client_assertion: `eyJhbGciOiJFUzI1NiJ9.${Buffer.from(anna).toString('base64url')}.${token}`,
        }),
      () =>
        bank.call(token, 'POST', `/consents/${randomUUID()}/consume`, {
          body: { payer: { personalNumber: anna }, [anna]: token },
        }),
      () =>
        bank.send('POST', '/consents/x/consume', {
          body: `{"personalNumber":"${anna}"`,
          headers: { 'content-type': 'application/json' },
        }),
      () =>
        bank.send('POST', '/par', {
          body: `${anna}${'x'.repeat(70_000)}`,
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        }),
    ];
    for (const stray of strays) expect((await stray()).status).toBeGreaterThanOrEqual(400);
    expect(log.length).toBeGreaterThan(before);
  });

  it('of an app, of a login by QR code and of malformed requests by the backchannel holds nothing of them', async () => {
    const { world } = steps.payer;
    const direct = await BackchannelSteps.in(world);
    const shop = await direct.connect(world.system.clients.rp);
    const notification = 'p9Wm2Kd7Rt4Xz8Qv1Lb6Yn3Hs5Jc0Fg';
    const paid = await direct.tpp.request({ ...direct.tpp.appClaims(), client_notification_token: notification });
    const nonce = await direct.sign(await direct.launch(paid));
    expect((await direct.tpp.call(paid, 'POST', '/return', { body: { nonce } })).status).toBe(204);
    await direct.until(paid, 'done');
    const consent = await direct.tpp.poll(paid);
    expect(await direct.consume(paid, consent)).toBe(200);
    const asked = { ...LOGIN, client_notification_token: notification };
    const login = await shop.request(asked);
    const { text: frame } = await shop.call(login, 'GET', '/qr');
    await direct.sign((await world.app.scan(frame)).id);
    await eventually(async () => (await shop.call(login, 'GET')).body['state'] === 'done' || undefined);
    const identified = await shop.poll(login);
    const tokens = [consent, identified].map(({ body }) => String(body['access_token']));
    const idToken = String(identified.body['id_token']);
    const [token = ''] = tokens.slice(1);
    const proof = await login.key.proof('GET', '/userinfo', token);
    const info = await shop.raw.get('/userinfo', { authorization: `DPoP ${token}`, dpop: proof });
    expect(info.body).toMatchObject({ 'https://id.oidc.se/claim/personalIdentityNumber': anna });

    const { tpp } = direct;
    const malformed = [
      () => shop.ask({ ...asked, [anna]: frame, bankid_start: nonce }),
      () => shop.ask({ ...asked, login_hint: `personnummer:${anna}x` }),
      () => shop.ask({ ...asked, scope: `openid ${anna}`, nonce: 'å' }),
      () => tpp.ask({ end_user_ip: anna, client_notification_token: notification }),
      () => tpp.ask({ ...tpp.appClaims(), return_uri: `https://x.example/${nonce}?p=${anna}` }),
      () => tpp.send(`eyJhbGciOiJFUzI1NiJ9.${Buffer.from(anna).toString('base64url')}.${nonce}`),
      () => tpp.raw.postAs('/backchannel', { client_notification_token: notification, login_hint: anna }),
      () => tpp.call(paid, 'POST', '/return', { body: { nonce: `${nonce}x`, [anna]: frame } }),
      () => tpp.call({ ...paid, id: paid.authReqId }, 'GET', `/qr?auth_req_id=${paid.authReqId}&p=${anna}`),
      () => tpp.poll({ ...paid, authReqId: `${paid.authReqId}${anna}` }),
      () => tpp.poll(login),
      () => shop.raw.get(`/userinfo?access_token=${token}`, { authorization: `Bearer ${idToken}` }),
    ];
    for (const request of malformed) expect((await request()).status).toBeGreaterThanOrEqual(400);

    const [short, ids] = [`${anna.slice(2, 8)}-${anna.slice(8)}`, [paid.authReqId, login.authReqId]];
    const secrets = [anna, short, ...ids, ...tokens, idToken, frame, nonce, notification, ...(await startSecrets())];
    overheard.add(...secrets);
    const events = await world.database.asOwner('select subject, event from audit_event');
    const metrics = await (await fetch(world.system.metricsUrl)).text();
    for (const told of [log, JSON.stringify(events), metrics]) {
      expect(told).toMatch(/backchannel|token\.issued/);
      expect(secrets.filter((secret) => secret === '' || told.includes(secret))).toEqual([]);
    }
    expect(log).toContain('"route":"/backchannel/:id/return"');
  });

  it('of a database that fails in the middle says that it did, and not with what', async () => {
    const { tpp, bank } = steps.parties;
    const { database } = steps.payer.world;
    const entitled = await steps.entitled();
    await database.asOwner('alter table consent rename to consent_elsewhere');
    try {
      const push = await tpp.postAs('/par', { ...tpp.pushFields(), login_hint: `personnummer:${anna}` });
      const consume = await steps.consume(entitled, steps.consumption(entitled, 'log-2'));
      const introspected = await steps.introspect(entitled);
      for (const { status, body } of [push, consume, introspected]) {
        expect(status).toBeGreaterThanOrEqual(500);
        expect(withoutRandomHex(JSON.stringify(body))).not.toMatch(/consent_elsewhere|relation|select|insert|\d{12}/i);
      }
    } finally {
      await database.asOwner('alter table consent_elsewhere rename to consent');
    }
    await database.asOwner(`alter table audit_event add constraint nothing_today check (event = '') not valid`);
    try {
      expect((await steps.revoke(entitled, bank)).status).toBeGreaterThanOrEqual(500);
    } finally {
      await database.asOwner('alter table audit_event drop constraint nothing_today');
    }
    expect(log).toContain('"level":"error"');
  });

  // Last: over everything that the suite has logged.
  it('repeats no secret that was sent or given in this suite', async () => {
    overheard.add(anna, `${anna.slice(2, 8)}-${anna.slice(8)}`, ...(await startSecrets()), ...(await interactionIds()));
    expect(overheard.secrets.length).toBeGreaterThan(100);
    const repeated = overheard.secrets.filter((secret) => log.includes(secret));
    expect(repeated).toEqual([]);
    expect(log.split('\n').flatMap((line) => findLogSecrets(line))).toEqual([]);
  });
});

describe('the check of all logs after the run', () => {
  const token = 'q8Zx3nV0aB7cD2eF5gH1iJ4kL6mN9oPqRsTuVwXyZ0A';

  it.each([
    ['a personal number', `payer ${anna} signed`],
    ['a personal number with a hyphen', `payer ${anna.slice(0, 8)}-${anna.slice(8)}`],
    ['a personal number beside a UUID', `e3c674a5-34da-4b72-bc60-3eb11556de37 ${anna}`],
    ['a short personal number', `payer ${anna.slice(2, 8)}-${anna.slice(8)}`],
    ['a token', `{"token":"${token}"}`],
    ['an authorization header', `{"authorization":"DPoP ${token}"}`],
    ['an assertion', 'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJ4In0.c2ln'],
    ['a signature', `"${Buffer.from('<?xml version="1.0" encoding="UTF-8"?>').toString('base64')}"`],
    ['signed XML', '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#">'],
    ['a key', '-----BEGIN PRIVATE KEY-----'],
    ['a private JWK', `{"kty":"EC","d":"${token}"}`],
    ['a QR frame', 'bankid.67df3917-fa0d-44e5-b327-edcc928297f8.0.dc69358e71'],
    ['a launch link', 'bankid:///?autostarttoken=67df3917-fa0d-44e5-b327-edcc928297f8&redirect=null'],
    ['a request_uri', `urn:ietf:params:oauth:request_uri:${token}`],
    ['a page of a payer', '/pay/_uREGn_sGJFDhh3oco9jKQ/status'],
    ['a password', 'postgresql://sigill:hemligt@127.0.0.1/sigill'],
  ])('finds %s', (_name, line) => {
    expect(findLogSecrets(line)).not.toEqual([]);
  });

  it.each([
    '{"level":"info","time":"2026-11-22T19:50:28.123Z","requestId":"e3c674a5-34da-4b72-bc60-3eb11556de37","ms":12.345678901234}',
    '{"route":"/consents/:id/consume","method":"POST","status":422}',
    '    at Object.consume (/srv/app/src/consent/consumption/consumption.repository.ts:110:12)',
    // The digits of a UUID and of a digest, by chance: 151211-2978 and 191212121212.
    '{"requestId":"e3151211-2978-4b72-bc60-191212121212"}',
    `{"sha256":"${'0a'.repeat(20)}f191212121212${'c4'.repeat(5)}e"}`,
    'order 0f6e7c1a-9b1d-4c55-8e0e-3f0b2f1c9a77: BankID: timed-out (HTTP 408)',
  ])('lets pass what an operator needs: %s', (line) => {
    expect(findLogSecrets(line)).toEqual([]);
  });
});
