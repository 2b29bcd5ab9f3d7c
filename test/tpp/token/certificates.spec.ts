import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importJWK, type CryptoKey } from 'jose';
import * as oauth from 'openid-client';
import { fetch as undiciFetch } from 'undici';
import { SandboxTls, type KeyedCertificate } from '../../../sandbox/tls.ts';
import { startAuditorCommand } from '../../support/commands/auditor-command.ts';
import { discoverWith, fetchWith } from '../../support/parties/certificate-tpp.ts';
import { anna, callback, payment, TestSystem } from '../../support/system/system.ts';

let system: TestSystem;
let tls: SandboxTls;
let own: KeyedCertificate;
let other: KeyedCertificate;

beforeAll(async () => {
  system = await TestSystem.start({ tls: true });
  tls = await SandboxTls.open(join(system.folder, 'service'));
  own = await tls.clientCertificate(system.system.clients.certificateTpp.id);
  other = await tls.clientCertificate(system.system.clients.otherTpp.id);
});
afterAll(() => system.stop());

/** A whole payment by openid-client, which sends every request with the certificate. */
async function payWith(config: oauth.Configuration) {
  const codeVerifier = oauth.randomPKCECodeVerifier();
  const state = oauth.randomState();
  const authorizationUrl = await oauth.buildAuthorizationUrlWithPAR(config, {
    redirect_uri: callback,
    code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    state,
    resource: system.bank.party.client.resource ?? '',
    authorization_details: JSON.stringify([payment]),
  });
  const { browser, orderId } = await system.openInApp({ authorizationUrl, codeVerifier, state });
  const signed = await system.app.sign(orderId, { personalNumber: anna });
  if (signed.returnUrl !== undefined) await browser.get(signed.returnUrl);
  await browser.waitFor('authorised');
  const returned = await browser.finish();
  return oauth.authorizationCodeGrant(config, returned, { pkceCodeVerifier: codeVerifier, expectedState: state });
}

async function mtlsUrl(): Promise<string> {
  const answer = await fetch(`${system.system.issuer}/.well-known/oauth-authorization-server`);
  const metadata = (await answer.json()) as { mtls_endpoint_aliases: { token_endpoint: string } };
  return new URL(metadata.mtls_endpoint_aliases.token_endpoint).origin;
}

async function form(certificate: KeyedCertificate | undefined, fields: Record<string, string>) {
  const send = certificate ? fetchWith(certificate) : (undiciFetch as unknown as oauth.CustomFetch);
  const answer = await send(`${await mtlsUrl()}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields),
    redirect: 'manual',
    signal: undefined,
  } as unknown as Parameters<oauth.CustomFetch>[1]);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

describe('a TPP that authenticates by its certificate', () => {
  it('is authenticated by it when it runs a command, and may not what an auditor may', async () => {
    const [key, certificate] = ['key.pem', 'certificate.pem'].map((name) => join(system.folder, name)) as [
      string,
      string,
    ];
    writeFileSync(key, own.key, { mode: 0o600 });
    writeFileSync(certificate, own.certificate);
    const env = {
      AUDITOR_CLIENT_ID: 'intygsbetal',
      AUDITOR_KEY_FILE: key,
      AUDITOR_CERTIFICATE_FILE: certificate,
      NODE_EXTRA_CA_CERTS: tls.rootFile,
    };
    const args = ['export', 'get', randomUUID(), '--out', '-'];
    const { code, stderr } = await startAuditorCommand(system, args, { env }).ended;
    expect([code, stderr]).toEqual([64, expect.stringContaining('(invalid_scope')]);
    writeFileSync(certificate, other.certificate);
    const foreign = await startAuditorCommand(system, args, { env }).ended;
    expect(foreign).toMatchObject({ code: 78, stderr: 'sigill: the key is not that of the certificate\n' });
  });

  it('gets a token that opens the consent with this certificate and no other', async () => {
    const config = await discoverWith(system.system.issuer, 'intygsbetal', own);
    const token = await payWith(config);
    expect(token.token_type).toBe('bearer');
    const consentId = token['consent_id'] as string;
    const resource = new URL(`/consents/${consentId}`, await mtlsUrl());
    const headers = { authorization: `Bearer ${token.access_token}` };
    const read = async (certificate: KeyedCertificate) =>
      fetchWith(certificate)(resource.href, { method: 'GET', headers } as unknown as Parameters<oauth.CustomFetch>[1]);
    expect((await read(own)).status).toBe(200);
    const refused = await read(other);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer .*error="invalid_token"/);
    const bare = await fetch(new URL(`/consents/${consentId}`, system.system.issuer), { headers });
    expect(bare.status).toBe(401);
    const introspected = await oauth.tokenIntrospection(system.bank.party.config, token.access_token);
    expect(introspected).toMatchObject({ active: true, token_type: 'Bearer' });
    expect(Object.keys(introspected.cnf ?? {})).toEqual(['x5t#S256']);
  });

  it('is refused with the certificate of another client, and without one', async () => {
    const fields = { grant_type: 'client_credentials', client_id: 'intygsbetal' };
    expect(await form(other, fields)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect(await form(undefined, fields)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect(await form(own, fields)).toMatchObject({ status: 200, body: { token_type: 'Bearer' } });
  });

  it('is refused with a certificate of its own name from a CA that is not configured', async () => {
    const elsewhere = await SandboxTls.open(join(system.folder, 'elsewhere'));
    const forged = await elsewhere.clientCertificate('intygsbetal');
    const fields = { grant_type: 'client_credentials', client_id: 'intygsbetal' };
    expect(await form(forged, fields)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  });
});

describe('a TPP that authenticates by assertion', () => {
  it('may have its token bound to its certificate instead of a DPoP key', async () => {
    const { tpp } = system.system.clients;
    const key = (await importJWK(tpp.privateJwk, 'ES256')) as CryptoKey;
    const authentication = oauth.PrivateKeyJwt({ key, kid: tpp.privateJwk.kid ?? '' });
    const certificate = await tls.clientCertificate(tpp.id);
    const token = await payWith(await discoverWith(system.system.issuer, tpp.id, certificate, authentication));
    expect(token.token_type).toBe('bearer');
  });

  it('is not let in by a certificate alone', async () => {
    const { otherTpp } = system.system.clients;
    const fields = { grant_type: 'client_credentials', client_id: otherTpp.id };
    expect(await form(other, fields)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  });
});

describe('a certificate in a header', () => {
  it('is refused from anywhere but a configured proxy', async () => {
    const der = own.certificate.replaceAll(/-----[A-Z ]+-----|\s/g, '');
    for (const header of ['Client-Cert', 'Client-Cert-Chain']) {
      const answer = await fetch(`${system.system.issuer}/token`, {
        method: 'POST',
        headers: { [header]: `:${der}:` },
        body: new URLSearchParams({ grant_type: 'client_credentials', client_id: 'intygsbetal' }),
      });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ error: 'invalid_request' });
    }
  });
});

it('speaks no TLS older than 1.2, and tells browsers to stay with https', async () => {
  const { connect } = await import('node:tls');
  const { port } = new URL(system.system.issuer);
  const old = await new Promise<string>((resolve) => {
    const socket = connect({ port: Number(port), host: '127.0.0.1', maxVersion: 'TLSv1.1', minVersion: 'TLSv1' });
    socket.once('error', () => resolve('refused')).once('secureConnect', () => resolve('open'));
  });
  expect(old).toBe('refused');
  const answer = await fetch(`${system.system.issuer}/jwks`);
  expect(answer.headers.get('strict-transport-security')).toMatch(/max-age=\d{8}/);
});

it('speaks TLS 1.2 with the suites of BCP 195 alone, at both ports, and prefers TLS 1.3', async () => {
  const { connect } = await import('node:tls');
  const doors = [new URL(system.system.issuer).port, new URL(await mtlsUrl()).port].map(Number);
  const speak = (port: number, options: object): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ...options });
      socket.once('error', () => resolve('refused'));
      socket.once('secureConnect', () => {
        resolve(socket.getProtocol() ?? '');
        socket.destroy();
      });
    });
  const only = (ciphers: string): object => ({ maxVersion: 'TLSv1.2', ciphers });
  for (const port of doors) {
    expect(await speak(port, {})).toBe('TLSv1.3');
    expect(await speak(port, only('ECDHE-ECDSA-AES128-GCM-SHA256'))).toBe('TLSv1.2');
    for (const weak of [
      'ECDHE-ECDSA-CHACHA20-POLY1305',
      'ECDHE-ECDSA-AES128-SHA',
      'ECDHE-ECDSA-AES256-SHA384',
      'AES128-GCM-SHA256',
    ]) {
      expect([weak, await speak(port, only(weak))]).toEqual([weak, 'refused']);
    }
  }
});

describe('a client of logins with a certificate', () => {
  it('reads /userinfo at the address for certificates, with that certificate and no other', async () => {
    const { issuer, clients } = system.system;
    const { privateJwk, id } = clients.rp;
    const key = (await importJWK(privateJwk, 'ES256')) as CryptoKey;
    const certificate = await tls.clientCertificate(id);
    const config = await discoverWith(issuer, id, certificate, oauth.PrivateKeyJwt({ key, kid: privateJwk.kid ?? '' }));
    const codeVerifier = oauth.randomPKCECodeVerifier();
    const [state, nonce] = [oauth.randomState(), oauth.randomNonce()];
    const authorizationUrl = await oauth.buildAuthorizationUrlWithPAR(config, {
      redirect_uri: callback,
      code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
      scope: 'openid https://id.oidc.se/scope/naturalPersonNumber',
      state,
      nonce,
    });
    const { browser, orderId } = await system.openInApp({ authorizationUrl, codeVerifier, state });
    const signed = await system.app.sign(orderId, { personalNumber: anna });
    if (signed.returnUrl !== undefined) await browser.get(signed.returnUrl);
    await browser.waitFor('authorised');
    const expected = { pkceCodeVerifier: codeVerifier, expectedState: state, expectedNonce: nonce };
    const token = await oauth.authorizationCodeGrant(config, await browser.finish(), expected);
    expect(token.token_type).toBe('bearer');
    expect(config.serverMetadata().mtls_endpoint_aliases?.userinfo_endpoint).toBe(`${await mtlsUrl()}/userinfo`);
    const info = await oauth.fetchUserInfo(config, token.access_token, token.claims()?.sub ?? '');
    expect(info['https://id.oidc.se/claim/personalIdentityNumber']).toBe(anna);
    const stolen = await fetchWith(other)(`${await mtlsUrl()}/userinfo`, {
      headers: { authorization: `Bearer ${token.access_token}` },
    } as unknown as Parameters<oauth.CustomFetch>[1]);
    expect([stolen.status, stolen.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringContaining('Bearer realm="sigill", error="invalid_token"'),
    ]);
  });
});
