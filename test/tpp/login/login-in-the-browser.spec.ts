import { decodeJwt, decodeProtectedHeader } from 'jose';
import {
  COORDINATION_NUMBER,
  INFO,
  WebLoginSteps,
  NUMBER,
  PERSONAL_NUMBER,
} from '../../support/login/web-login-steps.ts';
import { anna, bo, payment } from '../../support/parties/payment.ts';

let steps: WebLoginSteps;
beforeAll(async () => {
  steps = await WebLoginSteps.start();
}, 60_000);
afterAll(() => steps.stop());

describe('a client with openid-client', () => {
  it('logs a person in: a verified id_token, and at /userinfo what it asked for', async () => {
    const pushed = await steps.rp.push();
    const browser = await steps.identify(pushed);
    const loggedIn = await steps.rp.redeem(await browser.finish(), pushed);
    const { idToken } = loggedIn;
    expect(idToken).toMatchObject({ acr: 'urn:sigill:acr:bankid-identification', amr: ['mfa'], nonce: pushed.nonce });
    expect(idToken.auth_time).toBeLessThanOrEqual(idToken.iat);
    expect(JSON.stringify(idToken)).not.toContain(anna);
    const info = await steps.rp.userinfo(loggedIn);
    expect(info).toEqual({
      sub: idToken.sub,
      name: expect.any(String),
      given_name: expect.any(String),
      family_name: expect.any(String),
      birthdate: '1990-01-01',
      [PERSONAL_NUMBER]: anna,
    });
  });

  it('is told nothing of the person that it did not ask for', async () => {
    const pushed = await steps.rp.push({ scope: `openid ${INFO}` });
    const browser = await steps.identify(pushed);
    const loggedIn = await steps.rp.redeem(await browser.finish(), pushed);
    const info = await steps.rp.userinfo(loggedIn);
    expect(Object.keys(info).sort()).toEqual(['birthdate', 'family_name', 'given_name', 'name', 'sub']);
  });

  it('is told a coordination number as such', async () => {
    const pushed = await steps.rp.push({ scope: `openid ${NUMBER}` });
    const browser = await steps.identify(pushed, { personalNumber: '191500722390' });
    const info = await steps.rp.userinfo(await steps.rp.redeem(await browser.finish(), pushed));
    expect(info[COORDINATION_NUMBER]).toBe('191500722390');
    expect(info).not.toHaveProperty([PERSONAL_NUMBER]);
  });

  it('asks for single claims, by destination', async () => {
    const claims = JSON.stringify({ userinfo: { given_name: null }, id_token: { birthdate: { essential: true } } });
    const pushed = await steps.rp.push({ scope: `openid ${NUMBER}`, parameters: { claims } });
    const loggedIn = await steps.rp.redeem(await (await steps.identify(pushed)).finish(), pushed);
    // The client is registered for both scopes, so it may have each claim of them.
    expect(loggedIn.idToken['birthdate']).toBe('1990-01-01');
    const info = await steps.rp.userinfo(loggedIn);
    expect(Object.keys(info).sort()).toEqual(['given_name', PERSONAL_NUMBER, 'sub'].sort());
  });

  it('names the person who may log in, by a claim as by login_hint: BankID lets no other in', async () => {
    const claims = JSON.stringify({ id_token: { [PERSONAL_NUMBER]: { value: bo } } });
    for (const parameters of [{ claims }, { login_hint: `personnummer:${bo}` }]) {
      const pushed = await steps.rp.push({ parameters });
      const browser = await steps.identify(pushed, { personalNumber: bo });
      const info = await steps.rp.userinfo(await steps.rp.redeem(await browser.finish(), pushed));
      expect(info[PERSONAL_NUMBER]).toBe(bo);
    }
  });
});

describe('a client that has registered a key for encryption, and a signed /userinfo,', () => {
  it('is told the number in the id_token too, and everything signed and encrypted', async () => {
    const pushed = await steps.loginTpp.push();
    const loggedIn = await steps.loginTpp.redeem(await (await steps.identify(pushed)).finish(), pushed);
    expect(loggedIn.idToken[PERSONAL_NUMBER]).toBe(anna);
    expect(await steps.loginTpp.userinfo(loggedIn)).toMatchObject({
      sub: loggedIn.idToken.sub,
      [PERSONAL_NUMBER]: anna,
    });
  });

  it('is sent JWEs of five parts, of which nothing can be read', async () => {
    const { loginTpp } = steps.parties;
    const { body } = await steps.redeem(await steps.coded({}, loginTpp));
    const info = await steps.userinfo(String(body['access_token']), loginTpp);
    expect([info.status, info.headers.get('content-type')]).toEqual([200, 'application/jwt']);
    for (const jwe of [String(body['id_token']), info.text]) {
      expect(jwe.split('.')).toHaveLength(5);
      expect(decodeProtectedHeader(jwe)).toMatchObject({ enc: 'A256GCM', cty: 'JWT', kid: 'sandbox-butiksbetal-enc' });
    }
  });

  it('knows the person by the same sub when they pay, and another client by another', async () => {
    const { loginTpp } = steps.parties;
    const { sub } = JSON.parse((await steps.userinfo(await steps.token())).text) as { readonly sub: string };
    const coded = await steps.coded({}, loginTpp);
    await steps.redeem(coded);
    const [row] = await steps.database.asOwner(
      'select subject from authentication order by authenticated_at desc limit 1',
    );
    expect(row?.['subject']).not.toBe(sub);
    const pushed = await loginTpp.push(payment, { scope: 'openid', login_hint: `personnummer:${anna}` });
    const { browser, orderId } = await steps.world.openInApp(pushed);
    const { returnUrl } = await steps.world.app.sign(orderId, { personalNumber: anna });
    if (returnUrl !== undefined) await browser.get(returnUrl);
    await browser.waitFor('authorised');
    const code = (await browser.finish()).searchParams.get('code') ?? '';
    const paid = await loginTpp.postAs('/token', loginTpp.redemption(code, pushed));
    expect(decodeJwt(String(paid.body['id_token'])).sub).toBe(row?.['subject']);
  });
});

describe('a login that nobody answered', () => {
  it('comes back with the refusal of an expired request, from any browser, once no browser can begin it', async () => {
    const pushed = await steps.rp.push();
    const page = await steps.parties.rp.get(`${pushed.authorizationUrl.pathname}${pushed.authorizationUrl.search}`);
    const path = new URL(page.headers.get('location') ?? '').pathname.replace('/login/', '/authorize/login/');
    expect((await steps.parties.rp.get(`${path}/return`)).status).toBe(404);
    steps.clock.advance(301_000);
    const returned = await steps.parties.rp.get(`${path}/return`);
    expect(Object.fromEntries(new URL(returned.headers.get('location') ?? '').searchParams)).toEqual({
      error: 'access_denied',
      error_description: 'expired',
      state: pushed.state,
      iss: steps.parties.rp.issuer,
    });
  });
});
