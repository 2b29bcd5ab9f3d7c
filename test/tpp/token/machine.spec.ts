import type { RawClient } from '../../support/parties/raw-client.ts';
import { TokenHarness } from '../../support/token/token.ts';

let harness: TokenHarness;
beforeAll(async () => {
  harness = await TokenHarness.start();
});
afterAll(() => harness.stop());

const revoke = async (token: string | undefined, party: RawClient) =>
  harness.post('/revoke', { ...(await party.authentication()), token });

describe('a machine token', () => {
  it.each([
    ['tpp', 'consents'],
    ['bank', 'consents consume evidence'],
    ['auditor', 'evidence exports'],
  ] as const)('of a %s has at most the scopes %s', async (name, scope) => {
    const response = await harness.machineToken(harness.parties[name]);
    expect(response.body).toEqual({
      access_token: expect.stringMatching(/^[\w-]{43}$/),
      token_type: 'DPoP',
      expires_in: 300,
      scope,
    });
  });

  it('has the scope that was asked for and no more', async () => {
    expect((await harness.machineToken(harness.parties.bank, 'consume')).body).toMatchObject({ scope: 'consume' });
  });

  it.each([
    ['tpp', 'consume'],
    ['tpp', 'evidence'],
    ['auditor', 'consents'],
    ['bank', 'exports'],
    ['bank', 'consume admin'],
  ] as const)('of a %s cannot have %s', async (name, scope) => {
    const response = await harness.machineToken(harness.parties[name], scope);
    expect(response.status).toBe(400);
    expect(response.body).toMatchObject({ error: 'invalid_scope' });
  });

  it('is refused without a proof of possession', async () => {
    const fields = { ...(await harness.parties.bank.authentication()), grant_type: 'client_credentials' };
    expect((await harness.post('/token', fields)).body).toMatchObject({ error: 'invalid_request' });
  });

  it('is refused when its proof was used before, also for a request that was refused', async () => {
    const { bank } = harness.parties;
    const DPoP = await bank.proof('POST', '/token');
    const fields = async (scope: string) => ({
      ...(await bank.authentication()),
      grant_type: 'client_credentials',
      scope,
    });
    expect((await harness.post('/token', await fields('consume'), { DPoP })).status).toBe(200);
    expect((await harness.post('/token', await fields('consume'), { DPoP })).body).toMatchObject({
      error: 'invalid_dpop_proof',
    });
    const second = { DPoP: await bank.proof('POST', '/token') };
    expect((await harness.post('/token', await fields('exports'), second)).body).toMatchObject({
      error: 'invalid_scope',
    });
    expect((await harness.post('/token', await fields('consume'), second)).body).toMatchObject({
      error: 'invalid_dpop_proof',
    });
  });
});

describe('revocation', () => {
  it('ends the token and, with it, the consent', async () => {
    const { accessToken, consentId, party } = await harness.token();
    const response = await revoke(accessToken, party);
    expect(response.status).toBe(200);
    expect(response.text).toBe('');
    expect((await harness.introspect(accessToken)).body).toEqual({ active: false });
    expect(await harness.stateOf(consentId)).toEqual({ state: 'revoked', reason: 'tpp' });
  });

  it('answers alike for unknown tokens and those of others, which live on', async () => {
    const { accessToken, consentId } = await harness.token();
    expect((await revoke('unknown', harness.parties.tpp)).status).toBe(200);
    expect((await revoke(accessToken, harness.parties.otherTpp)).status).toBe(200);
    expect((await revoke(accessToken, harness.parties.otherBank)).status).toBe(200);
    expect((await harness.introspect(accessToken)).body).toMatchObject({ active: true });
    expect((await harness.stateOf(consentId)).state).toBe('authorised');
  });

  it('needs a token and is not for auditors', async () => {
    expect((await revoke(undefined, harness.parties.tpp)).body).toMatchObject({ error: 'invalid_request' });
    expect((await revoke('x', harness.parties.auditor)).status).toBe(403);
  });
});

describe('what every caller may read', () => {
  it('is the metadata, which promises nothing that is not kept', async () => {
    const { body } = await harness.visit('/.well-known/oauth-authorization-server');
    expect(body).toMatchObject({
      issuer: harness.issuer,
      require_pushed_authorization_requests: true,
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      authorization_details_types_supported: ['payment_initiation'],
      authorization_response_iss_parameter_supported: true,
    });
  });

  it('is the public half of our keys', async () => {
    const { body } = await harness.visit('/jwks');
    const { keys } = body as { keys: Record<string, unknown>[] };
    expect(keys[0]).toMatchObject({ kid: expect.any(String), kty: 'EC' });
    expect(keys.filter((key) => 'd' in key)).toEqual([]);
  });
});
