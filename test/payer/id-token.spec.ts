import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { RawAnswer } from '../support/parties/exchange.ts';
import { anna, payment } from '../support/parties/payment.ts';
import { TokenSteps } from '../support/token/token-steps.ts';

const PERSONAL_NUMBER = 'https://id.oidc.se/claim/personalIdentityNumber';

let steps: TokenSteps;
beforeAll(async () => {
  steps = await TokenSteps.start();
}, 60_000);
afterAll(() => steps.stop());

async function redeemed(changes: Record<string, string>): Promise<RawAnswer['body']> {
  const { status, body } = await steps.redeem(await steps.coded(changes));
  if (status !== 200) throw new Error(`no token: ${status}`);
  return body;
}

describe('an id_token, which says that the payer has signed and not who that is,', () => {
  it('holds no personal datum and no claim that was not agreed on', async () => {
    const { id_token: token } = await redeemed({ scope: 'openid', nonce: 'n-1', login_hint: `personnummer:${anna}` });
    const claims = decodeJwt(String(token));
    expect(Object.keys(claims).sort()).toEqual(['acr', 'aud', 'auth_time', 'exp', 'iat', 'iss', 'nonce', 'sub']);
    expect(JSON.stringify(claims)).not.toContain(anna);
    expect(claims).toMatchObject({ iss: steps.tpp.issuer, aud: steps.tpp.id, nonce: 'n-1' });
    expect(decodeProtectedHeader(String(token))).toEqual({ alg: 'ES256', typ: 'JWT', kid: expect.any(String) });
  });

  it('names the same payer otherwise to another TPP, and alike to the bank that asks about this one', async () => {
    const { id_token: token, access_token: access } = await redeemed({ scope: 'openid' });
    const { sub } = decodeJwt(String(token));
    const introspected = await steps.bank.postAs('/introspect', { token: String(access) });
    expect(introspected.body['sub']).toBe(sub);
    const again = decodeJwt(String((await redeemed({ scope: 'openid' }))['id_token']));
    expect(again.sub).toBe(sub);
    const { otherTpp } = steps.parties;
    const pushed = await otherTpp.push(payment, { scope: 'openid' });
    const code = await steps.codeFor(pushed, otherTpp.id);
    const { body } = await otherTpp.postAs('/token', otherTpp.redemption(code, pushed));
    expect(decodeJwt(String(body['id_token'])).sub).not.toBe(sub);
    expect(sub).not.toContain(anna);
  });

  it('is given to the TPP that asks for it, and to no other', async () => {
    expect(await redeemed({})).not.toHaveProperty('id_token');
    expect(await redeemed({ scope: 'consents', nonce: 'n-1' })).not.toHaveProperty('id_token');
    const both = await redeemed({ scope: 'consents openid' });
    expect(decodeJwt(String(both['id_token']))).not.toHaveProperty('nonce');
  });

  it('carries a nonce of 1,024 characters whole; a longer one, and one that is not ASCII, is refused', async () => {
    const nonce = 'n'.repeat(1024);
    expect(decodeJwt(String((await redeemed({ scope: 'openid', nonce }))['id_token'])).nonce).toBe(nonce);
    for (const wrong of [`${nonce}n`, 'å', '\u0000']) {
      const answer = await steps.refused(() =>
        steps.tpp.postAs('/par', { ...steps.tpp.pushFields(), scope: 'openid', nonce: wrong }),
      );
      expect(answer.body['error']).toBe('invalid_request');
    }
  });

  it.each([
    'openid profile',
    'openid email',
    'openid offline_access',
    'profile',
    'OPENID',
    'openid consume',
    ' openid',
  ])('cannot be asked to say more: %j', async (scope) => {
    const answer = await steps.refused(() => steps.tpp.postAs('/par', { ...steps.tpp.pushFields(), scope }));
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_scope']);
  });

  it.each([
    ['prompt', 'none'],
    ['prompt', 'none login'],
    ['prompt', 'select_account'],
    ['prompt', 'login  consent'],
    ['max_age', '-1'],
    ['max_age', '1.5'],
    ['max_age', 'young'],
    ['id_token_hint', 'e30.e30.AA'],
  ])('does not promise what it could not keep: %s=%s', async (name, value) => {
    const fields = { ...steps.tpp.pushFields(), scope: 'openid', [name]: value };
    const answer = await steps.refused(() => steps.tpp.postAs('/par', fields));
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_request']);
    expect(answer.body['error_description']).toContain(name);
  });

  it('names its own acr where the client requires that, and is refused to one that requires another', async () => {
    const claims = (acr: string): string =>
      JSON.stringify({ id_token: { acr: { essential: true, values: [acr, 'urn:also'] } } });
    const ours = 'urn:sigill:acr:bankid-signature';
    const { id_token: token } = await redeemed({ scope: 'openid', claims: claims(ours) });
    expect(decodeJwt(String(token))['acr']).toBe(ours);
    const fields = {
      ...steps.tpp.pushFields(),
      scope: 'openid',
      claims: claims('http://id.elegnamnden.se/loa/1.0/loa3'),
    };
    const answer = await steps.refused(() => steps.tpp.postAs('/par', fields));
    expect([answer.status, answer.body['error']]).toEqual([400, 'unmet_authentication_requirements']);
  });

  it.each([
    ['alone', {}],
    ['beside the same login_hint', { login_hint: `personnummer:${anna}` }],
  ])('binds the consent to the person whom claims names, %s', async (_, changes) => {
    const claims = JSON.stringify({ id_token: { [PERSONAL_NUMBER]: { value: anna } } });
    const { consentId } = await steps.tpp.push(payment, { claims, ...changes });
    const [row] = await steps.world.database.asOwner(
      'select bound_payer_hash is not null as bound, login_hint_sealed is not null as sealed from consent where id = $1',
      [consentId],
    );
    expect(row).toEqual({ bound: true, sealed: true });
  });

  it('is of one person: login_hint and claims that name two are refused', async () => {
    const claims = JSON.stringify({ id_token: { [PERSONAL_NUMBER]: { value: anna } } });
    const fields = { ...steps.tpp.pushFields(), claims, login_hint: 'personnummer:189001019802' };
    const answer = await steps.refused(() => steps.tpp.postAs('/par', fields));
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_request']);
    expect(answer.text).not.toContain(anna);
  });

  it('may be asked for with prompt and max_age, which ask for what happens in any case', async () => {
    const asked = Math.floor(steps.tpp.now);
    const body = await redeemed({ scope: 'openid', prompt: 'login consent', max_age: '0' });
    expect(decodeJwt(String(body['id_token']))['auth_time']).toBeGreaterThanOrEqual(asked);
  });

  it('opens nothing: neither a resource, nor the token endpoint, nor introspection', async () => {
    const token = String((await redeemed({ scope: 'openid' }))['id_token']);
    expect((await steps.tpp.call(token, 'GET', '/consent')).status).toBe(401);
    expect((await steps.refused(() => steps.pushWith(token))).body['error']).toBe('invalid_client');
    expect((await steps.bank.postAs('/introspect', { token })).body).toEqual({ active: false });
    const object = await steps.refused(() => steps.tpp.postAs('/par', { request: token }));
    expect(object.body['error']).toBe('invalid_request_object');
  });

  it('is given once for a code: the second time there is neither id_token nor token', async () => {
    const coded = await steps.coded({ scope: 'openid' });
    expect((await steps.redeem(coded)).body).toHaveProperty('id_token');
    const again = await steps.redeem(coded);
    expect([again.status, again.body['error']]).toEqual([400, 'invalid_grant']);
    expect(again.body).not.toHaveProperty('id_token');
  });
});
