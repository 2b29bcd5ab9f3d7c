import type { RawClient } from '../../support/parties/raw-client.ts';
import { TokenSteps } from '../../support/token/token-steps.ts';
import { atRest } from '../../support/system/system.ts';

let steps: TokenSteps;
beforeAll(async () => {
  steps = await TokenSteps.start(atRest);
});
afterAll(() => steps.stop());

const revoke = async (token: string | undefined, party: RawClient) =>
  steps.tpp.post('/revoke', { ...(await party.authentication()), token });

describe('a machine token', () => {
  it.each([
    ['tpp', 'consents'],
    ['bank', 'consents consume evidence'],
    ['auditor', 'evidence exports'],
  ] as const)('of a %s has at most the scopes %s', async (name, scope) => {
    const response = await steps.parties[name].askForToken();
    expect(response.body).toEqual({
      access_token: expect.stringMatching(/^[\w-]{43}$/),
      token_type: 'DPoP',
      expires_in: 300,
      scope,
    });
  });

  it('has the scope that was asked for and no more', async () => {
    expect((await steps.bank.askForToken('consume')).body).toMatchObject({ scope: 'consume' });
  });

  it.each([
    ['tpp', 'consume'],
    ['tpp', 'evidence'],
    ['auditor', 'consents'],
    ['bank', 'exports'],
    ['bank', 'consume admin'],
  ] as const)('of a %s cannot have %s', async (name, scope) => {
    const response = await steps.parties[name].askForToken(scope);
    expect(response.status).toBe(400);
    expect(response.body).toMatchObject({ error: 'invalid_scope' });
  });

  it('is refused without a proof of possession', async () => {
    const fields = { ...(await steps.bank.authentication()), grant_type: 'client_credentials' };
    expect((await steps.tpp.post('/token', fields)).body).toMatchObject({ error: 'invalid_request' });
  });

  it('is refused when its proof was used before, also for a request that was refused', async () => {
    const { bank } = steps.parties;
    const DPoP = await bank.proof('POST', '/token');
    const fields = async (scope: string) => ({
      ...(await bank.authentication()),
      grant_type: 'client_credentials',
      scope,
    });
    expect((await steps.tpp.post('/token', await fields('consume'), { DPoP })).status).toBe(200);
    expect((await steps.tpp.post('/token', await fields('consume'), { DPoP })).body).toMatchObject({
      error: 'invalid_dpop_proof',
    });
    const second = { DPoP: await bank.proof('POST', '/token') };
    expect((await steps.tpp.post('/token', await fields('exports'), second)).body).toMatchObject({
      error: 'invalid_scope',
    });
    expect((await steps.tpp.post('/token', await fields('consume'), second)).body).toMatchObject({
      error: 'invalid_dpop_proof',
    });
  });
});

describe('revocation', () => {
  it('ends the token and, with it, the consent', async () => {
    const { token, consentId, party } = await steps.token();
    const response = await revoke(token, party);
    expect(response.status).toBe(200);
    expect(response.text).toBe('');
    expect((await steps.introspect(token)).body).toEqual({ active: false });
    expect(await steps.stateOf(consentId)).toEqual({ state: 'revoked', reason: 'tpp' });
  });

  it('answers alike for unknown tokens and those of others, which live on', async () => {
    const { token, consentId } = await steps.token();
    expect((await revoke('unknown', steps.tpp)).status).toBe(200);
    expect((await revoke(token, steps.parties.otherTpp)).status).toBe(200);
    expect((await revoke(token, steps.parties.otherBank)).status).toBe(200);
    expect((await steps.introspect(token)).body).toMatchObject({ active: true });
    expect((await steps.stateOf(consentId)).state).toBe('authorised');
  });

  it('needs a token, and is refused to an auditor', async () => {
    expect((await revoke(undefined, steps.tpp)).body).toMatchObject({ error: 'invalid_request' });
    expect((await revoke('x', steps.parties.auditor)).status).toBe(403);
  });
});

describe('what every caller may read', () => {
  it('is the metadata, which promises nothing that is not kept', async () => {
    const { body } = await steps.tpp.get('/.well-known/oauth-authorization-server');
    expect(body).toMatchObject({
      issuer: steps.tpp.issuer,
      require_pushed_authorization_requests: true,
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      authorization_details_types_supported: ['payment_initiation'],
      authorization_response_iss_parameter_supported: true,
    });
  });

  it('is the public half of our keys', async () => {
    const { body } = await steps.tpp.get('/jwks');
    const { keys } = body as { keys: Record<string, unknown>[] };
    expect(keys[0]).toMatchObject({ kid: expect.any(String), kty: 'EC' });
    expect(keys.filter((key) => 'd' in key)).toEqual([]);
  });
});
