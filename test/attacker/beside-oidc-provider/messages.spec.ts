import { foreignKey, newVerifier, type Fields, type Spoilt } from '../../support/parties/raw-client.ts';
import { payment } from '../../support/parties/payment.ts';
import { Contest, redirect } from '../../support/beside-oidc-provider/contest.ts';
import { verdict, type Case, type Side } from '../../support/beside-oidc-provider/verdict.ts';

let contest: Contest;
beforeAll(async () => {
  contest = await Contest.open();
}, 60_000);
afterAll(() => contest.close());

describe('an assertion', () => {
  const denied = 'invalid_client';
  const cases: readonly (Case & { readonly make: (side: Side) => Promise<Spoilt> | Spoilt })[] = [
    { name: 'that is right', ours: 'accepted', make: () => ({}) },
    { name: 'by another key', ours: denied, make: async () => ({ key: await foreignKey() }) },
    {
      name: 'for the PAR endpoint',
      ours: denied,
      make: ({ tpp, par }) => ({ claims: { aud: `${tpp.issuer}${par}` } }),
    },
    { name: 'for the token endpoint', ours: denied, make: ({ tpp }) => ({ claims: { aud: `${tpp.issuer}/token` } }) },
    { name: 'for our issuer in a list', ours: denied, make: ({ tpp }) => ({ claims: { aud: [tpp.issuer] } }) },
    { name: 'for another server', ours: denied, make: () => ({ claims: { aud: 'https://as.example' } }) },
    { name: 'for no server', ours: denied, make: () => ({ claims: { aud: undefined } }) },
    { name: 'of another issuer', ours: denied, make: () => ({ claims: { iss: 'provbetal' } }) },
    {
      name: 'about another subject',
      ours: denied,
      theirs: 'invalid_request',
      make: () => ({ claims: { sub: 'provbetal' } }),
    },
    { name: 'without subject', ours: denied, make: () => ({ claims: { sub: undefined } }) },
    { name: 'without expiry', ours: denied, make: () => ({ claims: { exp: undefined } }) },
    { name: 'expired five minutes ago', ours: denied, make: ({ tpp }) => ({ claims: { exp: tpp.now - 300 } }) },
    {
      name: 'that lives for an hour',
      ours: denied,
      theirs: 'accepted',
      make: ({ tpp }) => ({ claims: { exp: tpp.now + 3600 } }),
    },
    { name: 'without jti', ours: denied, make: () => ({ claims: { jti: undefined } }) },
    {
      name: '70 seconds from now',
      ours: denied,
      make: ({ tpp }) => ({ claims: { iat: tpp.now + 70, nbf: tpp.now + 70 } }),
    },
    {
      name: '8 seconds from now',
      ours: 'accepted',
      make: ({ tpp }) => ({ claims: { iat: tpp.now + 8, nbf: tpp.now + 8 } }),
    },
    { name: 'typed as a DPoP proof', ours: denied, theirs: 'accepted', make: () => ({ header: { typ: 'dpop+jwt' } }) },
    { name: 'under an unknown kid', ours: denied, make: () => ({ header: { kid: 'other' } }) },
  ];
  it.each(cases)('gets the expected verdict of both servers: $name', async (one) => {
    await contest.compare(one, async (side) => {
      const { tpp, par } = side;
      return tpp.post(par, {
        ...tpp.pushFields(),
        ...redirect,
        ...tpp.credentials(await tpp.assertion(await one.make(side))),
      });
    });
  });

  it('is refused the second time', async () => {
    await contest.compare({ name: '', ours: denied, theirs: 'invalid_request' }, async ({ tpp, par }) => {
      const fields = { ...tpp.pushFields(), ...redirect, ...tpp.credentials(await tpp.assertion()) };
      await tpp.post(par, fields);
      return tpp.post(par, fields);
    });
  });
});

describe('a proof of possession', () => {
  const denied = 'invalid_dpop_proof';
  const cases: readonly (Case & { readonly make: (side: Side) => Promise<Spoilt> | Spoilt })[] = [
    { name: 'that is right', ours: 'accepted', make: () => ({}) },
    { name: 'by another key than it shows', ours: denied, make: async () => ({ key: await foreignKey() }) },
    { name: 'for another method', ours: denied, make: () => ({ claims: { htm: 'GET' } }) },
    { name: 'for another address', ours: denied, make: ({ tpp, par }) => ({ claims: { htu: `${tpp.issuer}${par}` } }) },
    {
      name: 'with a query in its address',
      ours: 'accepted',
      make: ({ tpp }) => ({ claims: { htu: `${tpp.issuer}/token?a=b` } }),
    },
    { name: 'without jti', ours: denied, make: () => ({ claims: { jti: undefined } }) },
    { name: 'without iat', ours: denied, make: () => ({ claims: { iat: undefined } }) },
    { name: '10 seconds old', ours: 'accepted', make: ({ tpp }) => ({ claims: { iat: tpp.now - 10 } }) },
    { name: '10 seconds ahead', ours: 'accepted', make: ({ tpp }) => ({ claims: { iat: tpp.now + 10 } }) },
    { name: '10 minutes old', ours: denied, make: ({ tpp }) => ({ claims: { iat: tpp.now - 600 } }) },
    { name: 'expired', ours: denied, make: ({ tpp }) => ({ claims: { exp: tpp.now - 100 } }) },
    { name: 'not valid yet', ours: denied, make: ({ tpp }) => ({ claims: { nbf: tpp.now + 100 } }) },
    { name: 'typed as JWT', ours: denied, make: () => ({ header: { typ: 'JWT' } }) },
    { name: 'without its key', ours: denied, make: () => ({ header: { jwk: undefined } }) },
  ];
  it.each(cases)('gets the expected verdict of both servers: $name', async (one) => {
    await contest.compare(one, async (side) => {
      const dpop = await side.tpp.proof('POST', '/token', undefined, await one.make(side));
      return side.tpp.postAs('/token', { grant_type: 'client_credentials' }, { dpop });
    });
  });

  it('is refused the second time', async () => {
    await contest.compare({ name: '', ours: denied, theirs: 'invalid_request' }, async ({ tpp }) => {
      const dpop = await tpp.proof('POST', '/token');
      await tpp.postAs('/token', { grant_type: 'client_credentials' }, { dpop });
      return tpp.postAs('/token', { grant_type: 'client_credentials' }, { dpop });
    });
  });

  it('is asked for where it is missing', async () => {
    await contest.compare({ name: '', ours: 'invalid_request', theirs: 'invalid_grant' }, async ({ tpp }) =>
      tpp.post('/token', { ...tpp.credentials(await tpp.assertion()), grant_type: 'client_credentials' }),
    );
  });
});

describe('a pushed request', () => {
  const detail = (changes: object): Fields => ({ authorization_details: JSON.stringify([{ ...payment, ...changes }]) });
  const cases: readonly (Case & { readonly changes: Fields })[] = [
    { name: 'that is right', ours: 'accepted', changes: {} },
    { name: 'without state', ours: 'accepted', changes: { state: undefined } },
    { name: 'for a token at once', ours: 'unsupported_response_type', changes: { response_type: 'token' } },
    { name: 'for an id_token as well', ours: 'unsupported_response_type', changes: { response_type: 'code id_token' } },
    { name: 'without response type', ours: 'invalid_request', changes: { response_type: undefined } },
    { name: 'without challenge', ours: 'invalid_request', changes: { code_challenge: undefined } },
    { name: 'with a plain challenge', ours: 'invalid_request', changes: { code_challenge_method: 'plain' } },
    { name: 'without challenge method', ours: 'invalid_request', changes: { code_challenge_method: undefined } },
    { name: 'with a short challenge', ours: 'invalid_request', changes: { code_challenge: 'abc' } },
    { name: 'without redirect URI', ours: 'invalid_request', changes: { redirect_uri: undefined } },
    {
      name: 'with an http redirect URI elsewhere',
      ours: 'invalid_request',
      theirs: 'accepted',
      changes: { redirect_uri: 'http://tpp.example/cb' },
    },
    {
      name: 'with an https redirect URI that is new',
      ours: 'accepted',
      changes: { redirect_uri: 'https://tpp.example/cb' },
    },
    {
      name: 'with a request_uri',
      ours: 'invalid_request',
      theirs: 'request_uri_not_supported',
      changes: { request_uri: 'urn:ietf:params:oauth:request_uri:a' },
    },
    {
      name: 'with a fragment for an answer',
      ours: 'invalid_request',
      theirs: 'accepted',
      changes: { response_mode: 'fragment' },
    },
    { name: 'with a state twice', ours: 'invalid_request', changes: { state: ['a', 'b'] } },
    { name: 'for a resource with a fragment', ours: 'invalid_target', changes: { resource: 'https://api.example/#a' } },
    { name: 'with a thumbprint of another key', ours: 'invalid_request', changes: { dpop_jkt: 'A'.repeat(43) } },
    {
      name: 'with details that are no JSON',
      ours: 'invalid_authorization_details',
      changes: { authorization_details: '[{' },
    },
    {
      name: 'with details that are no list',
      ours: 'invalid_authorization_details',
      changes: { authorization_details: '{}' },
    },
    {
      name: 'with details of an unknown type',
      ours: 'invalid_authorization_details',
      changes: detail({ type: 'account' }),
    },
    { name: 'with an unknown member', ours: 'invalid_authorization_details', changes: detail({ colour: 'red' }) },
    {
      name: 'without an amount',
      ours: 'invalid_authorization_details',
      changes: detail({ instructedAmount: undefined }),
    },
  ];
  it.each(cases)('gets the expected verdict of both servers: $name', async (one) => {
    await contest.compare(one, ({ tpp, par }) => tpp.postAs(par, { ...tpp.pushFields(), ...redirect, ...one.changes }));
  });

  it('is refused to a client that names another', async () => {
    await contest.compare({ name: '', ours: 'invalid_client', theirs: 'invalid_request' }, ({ tpp, otherTpp, par }) =>
      tpp.postAs(par, { ...tpp.pushFields(), ...redirect, client_id: otherTpp.id }),
    );
  });
});

describe('a code', () => {
  const cases: readonly (Case & { readonly changes: Fields })[] = [
    { name: 'that is right', ours: 'accepted', changes: {} },
    { name: 'with another verifier', ours: 'invalid_grant', changes: { code_verifier: newVerifier() } },
    { name: 'without verifier', ours: 'invalid_grant', changes: { code_verifier: undefined } },
    {
      name: 'with another redirect URI',
      ours: 'invalid_grant',
      changes: { redirect_uri: 'https://tpp.example/other' },
    },
    { name: 'without redirect URI', ours: 'invalid_request', theirs: 'accepted', changes: { redirect_uri: undefined } },
    { name: 'that was never issued', ours: 'invalid_grant', changes: { code: newVerifier() } },
    { name: 'that is missing', ours: 'invalid_request', changes: { code: undefined } },
    { name: 'as a refresh token', ours: 'unsupported_grant_type', changes: { grant_type: 'refresh_token' } },
  ];
  it.each(cases)('gets the expected verdict of both servers: $name', async (one) => {
    await contest.compare(one, async (side) => {
      const { client, form } = await contest.redeemable(side);
      return client.postAs('/token', { ...form, ...one.changes });
    });
  });

  it('is refused in the hands of another client', async () => {
    await contest.compare({ name: '', ours: 'invalid_grant' }, async (side) => {
      const { form } = await contest.redeemable(side);
      return side.otherTpp.postAs('/token', form);
    });
  });

  it('is refused the second time, and its token is dead', async () => {
    for (const side of [contest.ours, contest.theirs]) {
      const { client, form } = await contest.redeemable(side);
      const token = String((await client.postAs('/token', form)).body['access_token']);
      expect((await side.bank.postAs(side.introspect, { token })).body).toMatchObject({ active: true });
      expect(verdict(await client.postAs('/token', form))).toBe('invalid_grant');
      expect((await side.bank.postAs(side.introspect, { token })).body).toEqual({ active: false });
    }
  });

  it('gives a token that is dead once it is revoked; the revocation of an unknown one is answered alike', async () => {
    for (const side of [contest.ours, contest.theirs]) {
      const { client, form } = await contest.redeemable(side);
      const token = String((await client.postAs('/token', form)).body['access_token']);
      expect((await client.postAs(side.revoke, { token: newVerifier() })).status).toBe(200);
      expect((await client.postAs(side.revoke, { token })).status).toBe(200);
      expect((await side.bank.postAs(side.introspect, { token })).body).toEqual({ active: false });
    }
  });
});
