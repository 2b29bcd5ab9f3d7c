import { randomUUID } from 'node:crypto';
import { compactDecrypt, createRemoteJWKSet, importJWK, jwtVerify, SignJWT, type CryptoKey } from 'jose';
import * as oauth from 'openid-client';
import { EvidenceStore } from '../../../src/evidence/evidence-store.ts';
import { parseConsentId } from '../../../src/kernel/ids.ts';
import { RawClient } from '../../support/parties/raw-client.ts';
import { anna, callback, payment, TestSystem, type SignedPayment } from '../../support/system/system.ts';

let system: TestSystem;
let signer: RawClient;
let key: CryptoKey;

beforeAll(async () => {
  system = await TestSystem.start();
  const { signingTpp } = system.system.clients;
  signer = await RawClient.create(signingTpp, system.system.issuer, system.clock);
  key = (await importJWK(signingTpp.privateJwk, 'ES256')) as CryptoKey;
});
afterAll(() => system.stop());

interface Changes {
  readonly claims?: Record<string, unknown>;
  readonly header?: Record<string, unknown>;
  readonly key?: CryptoKey;
}

/** A signed request that is right, but for `changes`. */
async function requestObject(parameters: Record<string, unknown>, changes: Changes = {}): Promise<string> {
  const { id, issuer, now } = signer;
  const claims = { iss: id, client_id: id, aud: issuer, iat: now, nbf: now, exp: now + 300, jti: randomUUID() };
  return new SignJWT({ ...parameters, ...claims, ...changes.claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'oauth-authz-req+jwt', kid: 'sandbox-signabetal', ...changes.header })
    .sign(changes.key ?? key);
}

function parameters(): Record<string, unknown> {
  return { ...signer.pushFields(), authorization_details: [payment] };
}

async function finish(authorizationUrl: URL, codeVerifier: string, state: string) {
  const { browser, orderId } = await system.openInApp({ authorizationUrl, codeVerifier, state });
  const signed = await system.app.sign(orderId, { personalNumber: anna });
  if (signed.returnUrl !== undefined) await browser.get(signed.returnUrl);
  await browser.waitFor('authorised');
  return browser.finish();
}

describe('a TPP that is registered to sign its requests', () => {
  it('pushes with openid-client, and its request is kept with the evidence byte for byte', async () => {
    const { config, dpop } = (await system.connectTpp(system.system.clients.signingTpp)).party;
    const codeVerifier = oauth.randomPKCECodeVerifier();
    const state = oauth.randomState();
    const signed = await oauth.buildAuthorizationUrlWithJAR(
      config,
      {
        redirect_uri: callback,
        code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        state,
        resource: system.bank.party.client.resource ?? '',
        authorization_details: JSON.stringify([payment]),
        login_hint: `personnummer:${anna}`,
      },
      { key, kid: 'sandbox-signabetal' },
    );
    const request = signed.searchParams.get('request') ?? '';
    const url = await oauth.buildAuthorizationUrlWithPAR(config, { request }, { DPoP: dpop });
    const returned = await finish(url, codeVerifier, state);
    const checks = { pkceCodeVerifier: codeVerifier, expectedState: state };
    const token = await oauth.authorizationCodeGrant(config, returned, checks, undefined, { DPoP: dpop });
    const store = system.system.app.get(EvidenceStore);
    const bank = system.bank.party.client.id;
    const [summary] = await store.findEvidence(
      system.database.database,
      parseConsentId(token['consent_id'] as string),
      bank,
    );
    if (!summary) throw new Error('no evidence');
    expect((await store.getEvidence(summary.evidenceId, bank)).requestObject).toBe(request);
  });

  it('is refused when it pushes plain parameters, and what stands beside the object counts for nothing', async () => {
    const plain = await signer.postAs('/par', signer.pushFields());
    expect(plain).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    const dearer = { ...payment, instructedAmount: { currency: 'SEK', amount: '1.00' } };
    const beside = { authorization_details: JSON.stringify([dearer]), redirect_uri: 'https://elsewhere.example/' };
    const pushed = await signer.postAs('/par', { ...beside, request: await requestObject(parameters()) });
    expect(pushed.status).toBe(201);
    const [row] = await system.database.asOwner(
      `select c.initiation->'instructedAmount'->>'amount' as amount, r.redirect_uri
         from consent c join authorization_request r on r.consent_id = c.id where c.id = $1`,
      [pushed.body['consent_id']],
    );
    expect(row).toEqual({ amount: '1250.00', redirect_uri: callback });
  });

  const minutes = 60;
  it.each<readonly [string, (now: number) => Changes]>([
    ['without exp', () => ({ claims: { exp: undefined } })],
    ['without nbf', () => ({ claims: { nbf: undefined } })],
    ['that has expired', (now) => ({ claims: { nbf: now - 600, exp: now - 1 } })],
    ['good for more than an hour', (now) => ({ claims: { exp: now + 61 * minutes } })],
    ['begun more than an hour ago', (now) => ({ claims: { nbf: now - 61 * minutes, exp: now + 10 } })],
    ['begun 70 s from now', (now) => ({ claims: { nbf: now + 70 } })],
    ['for another audience', () => ({ claims: { aud: 'https://other.example' } })],
    ['without audience', () => ({ claims: { aud: undefined } })],
    ['of another client', () => ({ claims: { iss: 'exempelbetal' } })],
    ['for another client_id', () => ({ claims: { client_id: 'exempelbetal' } })],
    ['that could be a client assertion', () => ({ claims: { sub: 'signabetal' } })],
    ['that holds a request_uri', () => ({ claims: { request_uri: 'urn:x' } })],
    ['of another type', () => ({ header: { typ: 'dpop+jwt' } })],
    ['with a kid that is not registered', () => ({ header: { kid: '../../etc/passwd' } })],
  ])('is refused with a request object %s', async (_, change) => {
    const request = await requestObject(parameters(), change(signer.now));
    expect(await signer.postAs('/par', { request })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request_object' },
    });
  });

  it('is refused with an unsigned object and with one whose signature is another', async () => {
    const good = await requestObject(parameters());
    const [, payload = ''] = good.split('.');
    const none = `${Buffer.from('{"alg":"none","typ":"oauth-authz-req+jwt"}').toString('base64url')}.${payload}.`;
    const bent = `${good.slice(0, -4)}AAAA`;
    for (const request of [none, bent]) {
      const answer = await signer.postAs('/par', { request });
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request_object' } });
    }
  });

  it('may begin 8 s ahead of our clock', async () => {
    const request = await requestObject(parameters(), { claims: { nbf: signer.now + 8, iat: signer.now + 8 } });
    expect((await signer.postAs('/par', { request })).status).toBe(201);
  });
});

describe('a TPP whose client speaks OpenID Connect', () => {
  it('gets an id_token with a pairwise subject and no personal data', async () => {
    const { dpop } = system.tpp.party;
    const { issuer, clients } = system.system;
    const tppKey = (await importJWK(clients.tpp.privateJwk, 'ES256')) as CryptoKey;
    const config = await oauth.discovery(
      new URL(issuer),
      clients.tpp.id,
      undefined,
      oauth.PrivateKeyJwt({ key: tppKey, kid: clients.tpp.privateJwk.kid ?? '' }),
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- plain http on loopback
      { execute: [oauth.allowInsecureRequests] },
    );
    expect(config.serverMetadata().subject_types_supported).toEqual(['pairwise']);
    const codeVerifier = oauth.randomPKCECodeVerifier();
    const [state, nonce] = [oauth.randomState(), 'n'.repeat(400)];
    const url = await oauth.buildAuthorizationUrlWithPAR(
      config,
      {
        redirect_uri: callback,
        scope: 'openid',
        nonce,
        code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        state,
        resource: system.bank.party.client.resource ?? '',
        authorization_details: JSON.stringify([payment]),
      },
      { DPoP: dpop },
    );
    const returned = await finish(url, codeVerifier, state);
    const checks = { pkceCodeVerifier: codeVerifier, expectedState: state, expectedNonce: nonce };
    const token = await oauth.authorizationCodeGrant(config, returned, checks, undefined, { DPoP: dpop });
    const claims = token.claims();
    expect(Object.keys(claims ?? {}).sort()).toEqual(['acr', 'aud', 'auth_time', 'exp', 'iat', 'iss', 'nonce', 'sub']);
    const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
    await jwtVerify(token.id_token ?? '', keys, { issuer, audience: clients.tpp.id });
    expect(JSON.stringify(claims)).not.toContain(anna);
  });

  it('may ask for no other scope', async () => {
    const { tpp } = system.raw;
    const answer = await tpp.postAs('/par', { ...tpp.pushFields(), scope: 'openid profile' });
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_scope' } });
  });
});

describe('a signed introspection answer', () => {
  let paid: SignedPayment;
  beforeAll(async () => {
    paid = await system.signedPayment();
  });

  async function introspect(which: 'bank' | 'otherBank') {
    const bank = system.raw[which];
    const form = { ...bank.credentials(await bank.assertion()), token: paid.token.accessToken };
    return fetch(`${system.system.issuer}/introspect`, {
      method: 'POST',
      headers: { accept: 'application/token-introspection+jwt' },
      body: new URLSearchParams(form),
    });
  }

  async function verify(jws: string, audience: string) {
    const keys = createRemoteJWKSet(new URL(`${system.system.issuer}/jwks`));
    const typ = 'token-introspection+jwt';
    const { payload } = await jwtVerify(jws, keys, { issuer: system.system.issuer, audience, typ });
    return payload['token_introspection'] as Record<string, unknown>;
  }

  it('is encrypted for the bank that registered a key, and names the payer inside', async () => {
    const answer = await introspect('bank');
    expect(answer.headers.get('content-type')).toMatch(/^application\/token-introspection\+jwt/);
    const jwe = await answer.text();
    expect(jwe.split('.')).toHaveLength(5);
    const { plaintext } = await compactDecrypt(jwe, await importJWK(system.system.clients.bank.decryptionJwk ?? {}));
    const facts = await verify(new TextDecoder().decode(plaintext), 'exempelbanken');
    expect(facts).toMatchObject({ active: true, payer: { personalNumber: anna }, consent_id: paid.token.consentId });
  });

  it('says nothing but inactive to a bank whose token it is not', async () => {
    const answer = await introspect('otherBank');
    expect(await verify(await answer.text(), 'provbanken')).toEqual({ active: false });
  });
});

it('leaves the payer out of an answer that is signed and not encrypted', async () => {
  const { otherBank } = system.system.clients;
  const paid = await system.signedPayment(payment, { personalNumber: anna, resource: otherBank.resource ?? '' });
  const bank = system.raw.otherBank;
  const form = { ...bank.credentials(await bank.assertion()), token: paid.token.accessToken };
  const answer = await fetch(`${system.system.issuer}/introspect`, {
    method: 'POST',
    headers: { accept: 'application/token-introspection+jwt' },
    body: new URLSearchParams(form),
  });
  const [, payload = ''] = (await answer.text()).split('.');
  const text = Buffer.from(payload, 'base64url').toString();
  expect(text).toContain('"active":true');
  expect(text).not.toContain('payer');
  expect(text).not.toContain(anna);
});
