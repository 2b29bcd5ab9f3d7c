import { randomUUID } from 'node:crypto';
import type { RawAnswer } from '../../support/parties/exchange.ts';
import { INFO, WebLoginSteps, NUMBER } from '../../support/login/web-login-steps.ts';
import { anna, callback, payment } from '../../support/parties/payment.ts';
import { ObjectSigner } from '../../support/token/object-signer.ts';
import { newVerifier, RawClient, type Fields } from '../../support/parties/raw-client.ts';
import { withoutRandomHex } from '../../support/random-hex.ts';

let steps: WebLoginSteps;
beforeAll(async () => {
  steps = await WebLoginSteps.start();
}, 60_000);
afterAll(() => steps.stop());

describe('a request that is neither a whole payment nor a login', () => {
  const refusal = async (fields: Fields, party = steps.parties.loginTpp): Promise<readonly unknown[]> => {
    const answer = await steps.world.refused(() => party.postAs('/par', fields));
    return [answer.status, answer.body['error']];
  };
  const login = (changes: Fields): Fields => ({ ...steps.loginFields(), ...changes });

  it.each<[string, Fields, string]>([
    ['whose details are an empty list', { authorization_details: '[]' }, 'invalid_scope'],
    ['whose details are null', { authorization_details: 'null' }, 'invalid_scope'],
    ['whose details are nothing', { authorization_details: '' }, 'invalid_scope'],
    [
      'that is a payment with the scope of a login',
      { authorization_details: JSON.stringify([payment]) },
      'invalid_scope',
    ],
    ['with a bank', { resource: 'https://api.exempelbanken.example/payments' }, 'invalid_target'],
    ['with the scope of payments beside', { scope: `openid ${INFO} consents` }, 'invalid_scope'],
    ['without openid', { scope: NUMBER }, 'invalid_scope'],
    ['with prompt=none, which would ask nobody', { prompt: 'none' }, 'invalid_request'],
    ['with a hint that is no number', { login_hint: 'anna' }, 'invalid_request'],
    ['with an id_token_hint', { id_token_hint: 'e30.e30.AA' }, 'invalid_request'],
    ['with claims that are no JSON', { claims: '{' }, 'invalid_request'],
    [
      'that requires the acr of a payment',
      { claims: '{"id_token":{"acr":{"essential":true,"value":"urn:sigill:acr:bankid-signature"}}}' },
      'unmet_authentication_requirements',
    ],
    [
      'that requires a level which nobody has certified',
      { claims: '{"id_token":{"acr":{"essential":true,"value":"http://id.elegnamnden.se/loa/1.0/loa3"}}}' },
      'unmet_authentication_requirements',
    ],
  ])('%s is refused, and leaves nothing', async (_, changes, error) => {
    expect(await refusal(login(changes))).toEqual([400, error]);
  });

  it('of a payment without its details never becomes a login', async () => {
    const fields = { ...steps.parties.loginTpp.pushFields(), authorization_details: undefined };
    expect(await refusal(fields)).toEqual([400, 'invalid_request']);
    expect(await refusal({ ...fields, scope: 'openid' })).toEqual([400, 'invalid_request']);
    expect(await refusal({ ...fields, scope: `openid ${INFO}` })).toEqual([400, 'invalid_target']);
  });

  it('of a client that is not registered for it is refused: a login of a TPP, a payment of a client without payments', async () => {
    expect(await refusal(login({}), steps.parties.tpp)).toEqual([400, 'unauthorized_client']);
    expect(await refusal(steps.parties.rp.pushFields(), steps.parties.rp)).toEqual([403, 'unauthorized_client']);
    for (const details of ['[]', 'null', '']) {
      const fields = login({ authorization_details: details });
      expect(await refusal(fields, steps.parties.rp)).toEqual([403, 'unauthorized_client']);
    }
  });
});

describe('a signed request for a login', () => {
  const signed = async (claims: Readonly<Record<string, unknown>>, jti = randomUUID()): Promise<RawAnswer> => {
    const { rp } = steps.parties;
    const signer = await ObjectSigner.create(rp, steps.world.system.clients.rp);
    const login = { ...steps.loginFields(), authorization_details: undefined, resource: undefined, jti };
    return rp.postAs('/par', { request: await signer.sign({ claims: { ...login, ...claims } }) });
  };

  it('may hold its claims as JSON, and is pushed once', async () => {
    const claims = { id_token: { acr: { essential: true, value: 'urn:sigill:acr:bankid-identification' } } };
    const jti = randomUUID();
    expect((await signed({ claims }, jti)).status).toBe(201);
    const again = await steps.world.refused(() => signed({ claims }, jti));
    expect([again.status, again.body['error']]).toEqual([400, 'invalid_request_object']);
  });

  it.each<[string, unknown]>([
    ['an empty list', []],
    ['null', null],
    ['an empty text', ''],
    ['an object', {}],
  ])('is none if it holds details that are %s', async (_, details) => {
    const { status, body } = await steps.world.refused(() => signed({ authorization_details: details }));
    expect([status, body['error']]).toEqual([403, 'unauthorized_client']);
  });

  it('is refused with claims that are no object', async () => {
    const { body } = await steps.world.refused(() => signed({ claims: ['name'] }));
    expect(body['error']).toBe('invalid_request');
  });
});

describe('the code of a login', () => {
  it.each<[string, Fields, string]>([
    ['a wrong verifier', { code_verifier: newVerifier() }, 'invalid_grant'],
    ['no verifier', { code_verifier: undefined }, 'invalid_grant'],
    ['another redirect_uri', { redirect_uri: `${callback}/other` }, 'invalid_grant'],
    ['an unknown code', { code: newVerifier() }, 'invalid_grant'],
  ])('is refused with %s, and stays good for the right request', async (_, changes, error) => {
    const coded = await steps.coded();
    expect((await steps.redeem(coded, changes)).body).toMatchObject({ error });
    expect((await steps.redeem(coded)).status).toBe(200);
  });

  it('is of no use to another client, whether that client may pay, log persons in, or both', async () => {
    const coded = await steps.coded();
    for (const party of [steps.parties.loginTpp, steps.parties.tpp]) {
      expect((await steps.redeem({ ...coded, party })).body).toMatchObject({ error: 'invalid_grant' });
    }
    expect((await steps.redeem(coded)).status).toBe(200);
  });

  it('that was bound to a key is redeemed with that key alone', async () => {
    const coded = await steps.coded({ dpop_jkt: await steps.parties.rp.thumbprint() });
    const { issuer, clients } = steps.world.system;
    const withOtherKey = await RawClient.create(clients.rp, issuer, steps.clock);
    expect((await steps.redeem({ ...coded, party: withOtherKey })).body).toMatchObject({ error: 'invalid_grant' });
    expect((await steps.redeem(coded)).status).toBe(200);
  });

  it('is over after 60 seconds', async () => {
    const coded = await steps.coded();
    steps.clock.advance(61_000);
    expect((await steps.redeem(coded)).body).toMatchObject({ error: 'invalid_grant' });
  });

  it('is redeemed once by fifty callers, and its reuse ends the token', async () => {
    const coded = await steps.coded();
    const answers = await Promise.all(Array.from({ length: 50 }, () => steps.redeem(coded)));
    const [first, ...more] = answers.filter(({ status }) => status === 200);
    expect(more).toEqual([]);
    for (const { status, body } of answers) expect([200, 400]).toContain(status || body);
    const token = String(first?.body['access_token']);
    await steps.redeem(coded);
    expect((await steps.userinfo(token)).status).toBe(401);
  });
});

describe('what belongs to a login opens nothing of a payment, and the other way round:', () => {
  const statusOf = (answer: RawAnswer): number => answer.status;

  it('the pages and returns of one are none of the other', async () => {
    const { rp, tpp } = steps.parties;
    const login = await steps.push();
    const interaction = new URL((await rp.get(pathOf(login.authorizationUrl))).headers.get('location') ?? '').pathname;
    const name = interaction.replace('/login/', '');
    const consent = await tpp.push();
    const pay = new URL((await tpp.get(pathOf(consent.authorizationUrl))).headers.get('location') ?? '').pathname;
    for (const path of [
      `/pay/${name}`,
      `/authorize/${name}/return`,
      pay.replace('/pay/', '/login/'),
      `/authorize/login/${pay.replace('/pay/', '')}/return`,
    ]) {
      expect([path, statusOf(await rp.get(path))]).toEqual([path, 404]);
    }
  });

  it('the link of a login is its own client’s', async () => {
    const { requestUri } = await steps.push();
    const query = (client: string): string =>
      `/authorize?${new URLSearchParams({ client_id: client, request_uri: requestUri }).toString()}`;
    expect(statusOf(await steps.parties.tpp.get(query('exempelbetal')))).toBe(400);
    expect(statusOf(await steps.parties.rp.get(query('exempelbutiken')))).toBe(303);
  });

  it('the token of a payment reads no /userinfo, that of a login no consent, and neither is introspected as the other', async () => {
    const { loginTpp, bank } = steps.parties;
    const loginToken = await steps.token({}, loginTpp);
    const pushed = await loginTpp.push(payment, { login_hint: `personnummer:${anna}`, scope: 'openid' });
    const browser = await steps.identify(pushed);
    const paid = await loginTpp.redeem(await browser.finish(), pushed);
    for (const method of ['GET', 'POST']) {
      const refused = await steps.userinfo(paid, loginTpp, method);
      expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
        403,
        expect.stringContaining('error="insufficient_scope", scope="openid"'),
      ]);
    }
    expect((await loginTpp.call(loginToken, 'GET', '/consent')).status).toBe(403);
    expect((await loginTpp.call(loginToken, 'GET', `/consents/${pushed.consentId}`)).status).toBe(403);
    expect((await bank.postAs('/introspect', { token: loginToken })).body).toEqual({ active: false });
    expect((await bank.postAs('/introspect', { token: paid })).body).toMatchObject({ active: true });
    // Nor does the machine's own token open what a person said to the client.
    expect((await steps.userinfo(await loginTpp.machineToken(), loginTpp)).status).toBe(403);
  });
});

describe('/userinfo', () => {
  it('refuses a token without its key, as Bearer, in the query or in a form, and after its end', async () => {
    const { rp, loginTpp } = steps.parties;
    const token = await steps.token();
    expect((await rp.get('/userinfo')).headers.get('www-authenticate')).toMatch(/^DPoP algs=/);
    const stolen = await steps.userinfo(token, loginTpp);
    expect([stolen.status, stolen.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringMatching(/^DPoP error="invalid_token"/),
    ]);
    expect((await rp.get('/userinfo', { authorization: `Bearer ${token}` })).status).toBe(401);
    expect((await rp.get(`/userinfo?access_token=${token}`)).status).toBe(401);
    expect((await rp.post('/userinfo', { access_token: token })).status).toBe(401);
    expect((await steps.userinfo(token)).status).toBe(200);
    steps.clock.advance(301_000);
    expect((await steps.userinfo(token)).status).toBe(401);
  });

  it('answers GET and POST alike, to no cache, and is recorded each time before it answers', async () => {
    const token = await steps.token({ scope: `openid ${INFO}` });
    const answers = [await steps.userinfo(token), await steps.userinfo(token, steps.parties.rp, 'POST')];
    for (const { status, headers, body } of answers) {
      expect([status, headers.get('cache-control'), body]).toEqual([200, 'no-store', answers[0]?.body]);
      expect(headers.get('content-type')).toBe('application/json');
    }
    const events = await steps.database.asOwner(
      `select event from audit_event where type = 'login.userinfo-read'
          and subject = (select 'login:' || client_id || ':' || id from login order by created_at desc limit 1)`,
    );
    expect(events).toHaveLength(2);
    expect(withoutRandomHex(JSON.stringify(events))).not.toMatch(/Anna|1990|\d{12}/);
  });

  it('says nothing of a login whose rows are not what was signed', async () => {
    const token = await steps.token();
    await steps.world.database.asOwner('alter table authentication disable trigger all');
    await steps.world.database.asOwner(
      `update authentication set subject = 'another' where login_id = (select login_id from access_token where kind = 'login' order by issued_at desc limit 1)`,
    );
    const { status, text } = await steps.userinfo(token);
    expect([status, text.includes(anna)]).toEqual([404, false]);
  });

  it('is not there for the token of a login that nobody made', async () => {
    const { status } = await steps.parties.rp.call(randomUUID(), 'GET', '/userinfo');
    expect(status).toBe(401);
  });
});

function pathOf(url: URL): string {
  return `${url.pathname}${url.search}`;
}
