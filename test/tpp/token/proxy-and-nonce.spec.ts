import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SandboxTls, type KeyedCertificate } from '../../../sandbox/tls.ts';
import type { RawAnswer } from '../../support/parties/exchange.ts';
import type { RawClient } from '../../support/parties/raw-client.ts';
import { TestSystem } from '../../support/system/system.ts';

let folder: string;
let system: TestSystem;
let own: KeyedCertificate;
let other: KeyedCertificate;
let tpp: RawClient;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sigill-proxy-'));
  const tls = await SandboxTls.open(folder);
  system = await TestSystem.start({
    env: {
      TRUSTED_PROXIES: '127.0.0.1, ::1',
      CLIENT_CA_FILE: tls.clientCaFile,
      MTLS_URL: 'https://mtls.sigill.example',
      DPOP_NONCE: 'required',
    },
  });
  own = await tls.clientCertificate('intygsbetal');
  other = await tls.clientCertificate('provbetal');
  ({ tpp } = system.raw);
});
afterAll(async () => {
  await system.stop();
  rmSync(folder, { recursive: true });
});

/** As a proxy writes it (RFC 9440 §2.1). */
function clientCert({ certificate }: KeyedCertificate): string {
  return `:${certificate.replaceAll(/-----[A-Z ]+-----|\s/g, '')}:`;
}

function machineToken(headers: Record<string, string>): Promise<RawAnswer> {
  return tpp.post('/token', { grant_type: 'client_credentials', client_id: 'intygsbetal' }, headers);
}

describe('behind a configured proxy', () => {
  it('a client is known by the certificate that the proxy passes on', async () => {
    const { status, body } = await machineToken({ 'client-cert': clientCert(own) });
    expect([status, body['token_type']]).toEqual([200, 'Bearer']);
    const path = '/consents/00000000-0000-4000-8000-000000000000';
    const headers = { authorization: `Bearer ${String(body['access_token'])}`, 'client-cert': clientCert(own) };
    expect((await tpp.send('GET', path, { headers })).status).toBe(404);
    const stolen = { ...headers, 'client-cert': clientCert(other) };
    expect((await tpp.send('GET', path, { headers: stolen })).status).toBe(401);
  });

  it('another certificate, a broken one and none at all are refused', async () => {
    for (const header of [clientCert(other), ':bm90IGEgY2VydGlmaWNhdGU=:', 'plain']) {
      expect(await machineToken({ 'client-cert': header })).toMatchObject({
        status: 401,
        body: { error: 'invalid_client' },
      });
    }
    expect((await machineToken({})).status).toBe(401);
  });

  it('the metadata names the address where certificates are asked for', async () => {
    const { body } = await tpp.get('/.well-known/oauth-authorization-server');
    expect(body).toMatchObject({
      tls_client_certificate_bound_access_tokens: true,
      mtls_endpoint_aliases: { token_endpoint: 'https://mtls.sigill.example/token' },
    });
    expect(body['token_endpoint_auth_methods_supported']).toEqual(['private_key_jwt', 'tls_client_auth']);
  });
});

describe('where DPoP nonces are required', () => {
  it('a standard client completes the whole payment, asking again with the nonce it was given', async () => {
    const { token } = await system.signedPayment();
    const { party } = system.tpp;
    expect((await party.request(token.accessToken, 'GET', `/consents/${token.consentId}`)).status).toBe(200);
  });

  it('the authorization server answers use_dpop_nonce with a nonce, and takes a proof that has it', async () => {
    const fields = { grant_type: 'client_credentials', scope: 'consents' };
    const first = await tpp.postAs('/token', fields);
    expect(first).toMatchObject({ status: 400, body: { error: 'use_dpop_nonce' } });
    const nonce = first.headers.get('dpop-nonce') ?? '';
    const dpop = await tpp.proof('POST', '/token', undefined, { claims: { nonce } });
    expect((await tpp.postAs('/token', fields, { dpop })).status).toBe(200);
  });

  it('a resource answers 401 with the challenge use_dpop_nonce and a nonce', async () => {
    const token = await system.tpp.party.machineToken('consents');
    const answer = await tpp.call(token, 'GET', '/consents/00000000-0000-4000-8000-000000000000');
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('error="use_dpop_nonce"');
    expect(answer.headers.get('dpop-nonce')).toMatch(/^[\w-]{40,}$/);
  });

  it('a nonce of the past or of our invention is refused', async () => {
    const fields = { grant_type: 'client_credentials', scope: 'consents' };
    const nonce = (await tpp.postAs('/token', fields)).headers.get('dpop-nonce') ?? '';
    const made = await tpp.proof('POST', '/token', undefined, { claims: { nonce: 'A'.repeat(48) } });
    expect((await tpp.postAs('/token', fields, { dpop: made })).body['error']).toBe('use_dpop_nonce');
    system.clock.advance(6 * 60_000);
    const old = await tpp.proof('POST', '/token', undefined, { claims: { nonce } });
    expect((await tpp.postAs('/token', fields, { dpop: old })).body['error']).toBe('use_dpop_nonce');
  });
});
