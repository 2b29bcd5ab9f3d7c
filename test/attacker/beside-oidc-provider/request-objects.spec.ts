import { CompactEncrypt, exportJWK, generateKeyPair } from 'jose';
import { payment } from '../../support/parties/payment.ts';
import { foreignKey, newVerifier, type Fields, type Spoilt } from '../../support/parties/raw-client.ts';
import { redirect } from '../../support/beside-oidc-provider/contest.ts';
import { ObjectSigner, rsaKey } from '../../support/token/object-signer.ts';
import { denied, RequestContest, type SpoiltCase } from '../../support/beside-oidc-provider/request-contest.ts';
import type { Case, Side } from '../../support/beside-oidc-provider/verdict.ts';

let requests: RequestContest;
beforeAll(async () => {
  requests = await RequestContest.open();
}, 60_000);
afterAll(() => requests.close());

describe('a signed request is accepted from its own client alone:', () => {
  const cases: readonly SpoiltCase[] = [
    { name: 'signed by its registered key, it is let in', ours: 'accepted', make: () => ({}) },
    {
      name: 'without kid, where there is but one key, it is let in',
      ours: 'accepted',
      make: () => ({ header: { kid: undefined } }),
    },
    { name: 'not from another key', ours: denied, make: async () => ({ key: await foreignKey() }) },
    { name: 'not under an unknown kid', ours: denied, make: () => ({ header: { kid: 'other' } }) },
    {
      name: 'not under the kid of another client',
      ours: denied,
      make: () => ({ header: { kid: 'sandbox-provbetal' } }),
    },
    { name: 'not from a key that it brings along', ours: denied, make: embeddedKey },
    {
      name: 'not from a key that jku points to',
      ours: denied,
      make: async () => ({ key: await foreignKey(), header: { jku: 'https://tpp.example/jwks' } }),
    },
    {
      name: 'not by RS256',
      ours: denied,
      make: async () => ({ key: await rsaKey('RS256'), header: { alg: 'RS256' } }),
    },
    {
      name: 'not by PS256 under the kid of an EC key',
      ours: denied,
      make: async () => ({ key: await rsaKey('PS256'), header: { alg: 'PS256' } }),
    },
    { name: 'not when another is the issuer', ours: denied, make: () => ({ claims: { iss: 'provbetal' } }) },
    { name: 'not without an issuer', ours: denied, make: () => ({ claims: { iss: undefined } }) },
    { name: 'not when it names another client', ours: denied, make: () => ({ claims: { client_id: 'provbetal' } }) },
    { name: 'not when it names no client', ours: denied, make: () => ({ claims: { client_id: undefined } }) },
  ];
  it.each(cases)('$name', (one) => requests.comparePush(one));

  async function embeddedKey(): Promise<Spoilt> {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    return { key: privateKey, header: { kid: undefined, jwk: await exportJWK(publicKey) } };
  }

  it.each(['none', 'None', ''])('not with alg %j and no signature', async (alg) => {
    await requests.contest.compare({ name: '', ours: denied }, (side) =>
      side.signer.postAs(side.par, { request: requests.objectsOf(side).unsigned(alg) }),
    );
  });

  it.each(['pem', 'der'] as const)('not by an HMAC with its public key as the secret (%s)', async (format) => {
    await requests.contest.compare({ name: '', ours: denied }, (side) =>
      side.signer.postAs(side.par, { request: requests.objectsOf(side).hmac(format) }),
    );
  });

  it('not when the amount was changed after it was signed', async () => {
    const cheaper = { ...payment, instructedAmount: { currency: 'SEK', amount: '1.00' } };
    await requests.contest.compare({ name: '', ours: denied }, async (side) =>
      side.signer.postAs(side.par, {
        request: await requests.objectsOf(side).altered({ authorization_details: [cheaper] }),
      }),
    );
  });

  it('not when it is pushed by another client, which authenticates as itself', async () => {
    await requests.contest.compare({ name: '', ours: denied }, async (side) =>
      side.tpp.postAs(side.par, { request: await requests.objectsOf(side).sign() }),
    );
  });

  it('not as plain parameters, which are not signed', async () => {
    await requests.contest.compare({ name: '', ours: 'invalid_request' }, ({ signer, par }) =>
      signer.postAs(par, { ...signer.pushFields(), ...redirect }),
    );
  });

  it('not encrypted for us by an unknown sender: an encrypted request shows no signer', async () => {
    const { publicKey } = await generateKeyPair('ECDH-ES');
    const plain = new TextEncoder().encode(JSON.stringify(payment));
    const request = await new CompactEncrypt(plain)
      .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' })
      .encrypt(publicKey);
    await requests.contest.compare({ name: '', ours: denied }, ({ signer, par }) => signer.postAs(par, { request }));
  });

  it.each(['a.b.c', '.', '..', 'null.null.null', 'a.b.c.d.e'])('not as what is no JWT: %s', async (request) => {
    await requests.contest.compare({ name: '', ours: denied }, ({ signer, par }) => signer.postAs(par, { request }));
  });

  it('also a client that need not sign is held to what it signed', async () => {
    const { steps, ours, theirs } = requests.contest;
    const key = new Map<Side, ObjectSigner>();
    for (const side of [ours, theirs]) key.set(side, await ObjectSigner.create(side.tpp, steps.clients.tpp, redirect));
    const push = (make: (side: Side) => Spoilt) => async (side: Side) =>
      side.tpp.postAs(side.par, {
        ...side.tpp.pushFields(),
        ...redirect,
        request: await key.get(side)?.sign(make(side)),
      });
    await requests.contest.compare(
      { name: '', ours: 'accepted' },
      push(() => ({})),
    );
    await requests.contest.compare(
      { name: '', ours: denied },
      push(({ tpp }) => ({ claims: { exp: tpp.now - 70 } })),
    );
  });
});

describe('what stands beside a signed request counts for nothing:', () => {
  const beside: readonly (Case & { readonly fields: Fields })[] = [
    {
      name: 'another state, another address, another scope',
      ours: 'accepted',
      fields: { state: 'outside', redirect_uri: 'https://evil.example/cb', scope: 'openid' },
    },
    { name: 'another response type', ours: 'accepted', fields: { response_type: 'token' } },
    { name: 'another payment', ours: 'accepted', fields: { authorization_details: '[]' } },
    {
      name: 'but a request_uri is refused',
      ours: 'invalid_request',
      theirs: 'request_uri_not_supported',
      fields: { request_uri: 'urn:ietf:params:oauth:request_uri:a' },
    },
    { name: 'but a second request is refused', ours: 'invalid_request', fields: { request: ['e30.e30.', 'e30.e30.'] } },
    {
      name: 'but the name of another client is refused',
      ours: 'invalid_client',
      theirs: 'invalid_request',
      fields: { client_id: 'provbetal' },
    },
  ];
  it.each(beside)('$name', async (one) => {
    await requests.contest.compare(one, async (side) =>
      side.signer.postAs(side.par, { request: await requests.objectsOf(side).sign(), ...one.fields }),
    );
  });

  it.each(['redirect_uri', 'code_challenge', 'response_type'])(
    '%s is missing, though it stands beside',
    async (name) => {
      await requests.contest.compare({ name: '', ours: 'invalid_request' }, async (side) => {
        const request = await requests.objectsOf(side).sign({ claims: { [name]: undefined } });
        return side.signer.postAs(side.par, { ...side.signer.pushFields(), ...redirect, request });
      });
    },
  );

  it('the payer comes back to the address, and with the state, that were signed', async () => {
    const state = newVerifier();
    await requests.contest.agree(['https://tpp.example/callback', state, true], async (side) => {
      const request = await requests.objectsOf(side).sign({ claims: { state } });
      const beside = { state: 'outside', redirect_uri: 'https://evil.example/cb' };
      const { body } = await side.signer.postAs(side.par, { request, ...beside });
      const back = await side.returnOf(String(body['request_uri']), side.signer.id);
      return [`${back.origin}${back.pathname}`, back.searchParams.get('state'), back.searchParams.has('code')];
    });
  });
});
