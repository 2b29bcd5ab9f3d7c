import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SandboxTls, type KeyedCertificate } from '../../../sandbox/tls.ts';
import type { RawAnswer } from '../../support/parties/exchange.ts';
import { newVerifier, type Fields, type RawClient } from '../../support/parties/raw-client.ts';
import { TokenSteps } from '../../support/token/token-steps.ts';

/** Registered for tls_client_auth by the subject of its certificate. */
const ID = 'intygsbetal';

let folder: string;
let steps: TokenSteps;
let tpp: RawClient;
let own: string;
let other: string;
let elsewhere: string;
let dpopBound: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sigill-certificates-'));
  const tls = await SandboxTls.open(join(folder, 'configured'));
  const foreign = await SandboxTls.open(join(folder, 'elsewhere'));
  steps = await TokenSteps.start({
    env: {
      TRUSTED_PROXIES: '127.0.0.1, ::1',
      CLIENT_CA_FILE: tls.clientCaFile,
      MTLS_URL: 'https://mtls.sigill.example',
    },
  });
  tpp = await steps.connect('certificateTpp');
  own = header(await tls.clientCertificate(ID));
  dpopBound = header(await tls.clientCertificate('suite-mtls-dpop-1'));
  other = header(await tls.clientCertificate('provbetal'));
  elsewhere = header(await foreign.clientCertificate(ID));
}, 60_000);
afterAll(async () => {
  await steps.stop();
  rmSync(folder, { recursive: true });
});

/** As a proxy that ended the TLS connection passes it on (RFC 9440 §2.1). */
function header({ certificate }: KeyedCertificate): string {
  return `:${certificate.replaceAll(/-----[A-Z ]+-----|\s/g, '')}:`;
}

function post(path: string, fields: Fields, certificate: string | undefined): Promise<RawAnswer> {
  return tpp.post(path, { client_id: ID, ...fields }, certificate === undefined ? {} : { 'client-cert': certificate });
}

const machine = { grant_type: 'client_credentials', scope: 'consents' };

async function machineToken(): Promise<string> {
  return String((await post('/token', machine, own)).body['access_token']);
}

async function pushed(changes: Record<string, string> = {}) {
  const codeVerifier = newVerifier();
  const { status, body } = await post('/par', { ...tpp.pushFields(undefined, codeVerifier), ...changes }, own);
  if (status !== 201) throw new Error(`the push answered ${status}: ${JSON.stringify(body)}`);
  return { codeVerifier, consentId: String(body['consent_id']), requestUri: String(body['request_uri']) };
}

describe('the identity of a TPP with a certificate is not taken by', () => {
  const impostors: readonly (readonly [string, () => string | undefined])[] = [
    ['no certificate', () => undefined],
    ['the certificate of another client', () => other],
    ['a certificate of its own name from a CA that is not configured', () => elsewhere],
    ['an empty header', () => ''],
    ['what is no byte sequence', () => 'plain'],
    ['what is no base64', () => ':@@@@:'],
    ['what is no certificate', () => ':bm90IGEgY2VydGlmaWNhdGU=:'],
    ['half a certificate', () => `${own.slice(0, own.length / 2)}:`],
    ['two certificates in one header', () => `${own}, ${other}`],
    ['its certificate as a parameterised item', () => `${own};a=1`],
    ['PEM', () => encodeURIComponent('-----BEGIN CERTIFICATE-----')],
  ];
  it.each(impostors)('%s', async (_name, certificate) => {
    for (const path of ['/token', '/par', '/revoke']) {
      const answer = await steps.refused(() =>
        post(path, { ...machine, ...tpp.pushFields(), token: newVerifier() }, certificate()),
      );
      expect([path, answer.status, answer.body['error']]).toEqual([path, 401, 'invalid_client']);
    }
  });

  it('its certificate under the client_id of another', async () => {
    for (const client_id of ['provbetal', 'exempelbetal', 'nobody', '']) {
      const answer = await steps.refused(() => post('/token', { ...machine, client_id }, own));
      expect([client_id, answer.status, answer.body['error']]).toEqual([client_id, 401, 'invalid_client']);
    }
  });

  it('a client that is registered for private_key_jwt and shows a certificate of its own name', async () => {
    const answer = await steps.refused(() => post('/token', { ...machine, client_id: 'provbetal' }, other));
    expect(answer.body['error']).toBe('invalid_client');
  });

  it('an assertion, which this client is not registered for', async () => {
    const assertion = await tpp.assertion();
    const answer = await steps.refused(() => post('/token', { ...machine, ...tpp.credentials(assertion) }, own));
    expect([answer.status, answer.body['error']]).toEqual([401, 'invalid_client']);
  });
});

describe('a token that is bound to a certificate', () => {
  const read = (path: string, headers: Readonly<Record<string, string>>): Promise<RawAnswer> =>
    tpp.send('GET', path, { headers });

  it('says so in introspection, by cnf.x5t#S256 and nothing else', async () => {
    const { codeVerifier, consentId, requestUri } = await pushed();
    const code = await steps.codeFor({ requestUri }, ID);
    const { body } = await post('/token', tpp.redemption(code, { codeVerifier }), own);
    const token = String(body['access_token']);
    expect([body['token_type'], body['consent_id']]).toEqual(['Bearer', consentId]);
    const introspected = await steps.bank.postAs('/introspect', { token });
    const der = Buffer.from(own.slice(1, -1), 'base64');
    expect(introspected.body).toMatchObject({ active: true, token_type: 'Bearer' });
    expect(introspected.body['cnf']).toEqual({ 'x5t#S256': createHash('sha256').update(der).digest('base64url') });
    const open = { authorization: `Bearer ${token}`, 'client-cert': own };
    expect((await read(`/consents/${consentId}`, open)).status).toBe(200);
    expect((await read('/consent', open)).status).toBe(200);
  });

  const thieves: readonly (readonly [string, (token: string) => Promise<Record<string, string>>])[] = [
    ['without a certificate', (token) => Promise.resolve({ authorization: `Bearer ${token}` })],
    [
      'with the certificate of another',
      (token) => Promise.resolve({ authorization: `Bearer ${token}`, 'client-cert': other }),
    ],
    [
      'with a broken certificate',
      (token) => Promise.resolve({ authorization: `Bearer ${token}`, 'client-cert': ':AAAA:' }),
    ],
    [
      'as a DPoP token, with a proof of a new key',
      async (token) => ({
        authorization: `DPoP ${token}`,
        dpop: await tpp.proof('GET', '/consent', token),
        'client-cert': own,
      }),
    ],
  ];
  it.each(thieves)('opens nothing %s', async (_name, make) => {
    const token = await machineToken();
    const answer = await read('/consent', await make(token));
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/(?:Bearer|DPoP) [^,]*.*error="invalid_token"/);
  });

  it('opens nothing in the query', async () => {
    const token = await machineToken();
    expect((await read(`/consent?access_token=${token}`, { 'client-cert': own })).status).toBe(401);
  });

  it.each(['Bearer', 'bearer', 'bEARER'])('lets its holder in, however the scheme is spelt: %s', async (scheme) => {
    const token = await machineToken();
    expect((await read('/consent', { authorization: `${scheme} ${token}`, 'client-cert': own })).status).toBe(404);
  });

  it('is not what a token of a DPoP key becomes by being shown as Bearer with a certificate', async () => {
    const token = await steps.tpp.machineToken('consents');
    const answer = await read('/consent', { authorization: `Bearer ${token}`, 'client-cert': own });
    expect(answer.status).toBe(401);
  });
});

describe('a client that is registered for DPoP alone', () => {
  it('authenticates by its certificate and gets no token that is bound to it (RFC 9449 §5.2)', async () => {
    const client = await steps.connect('suite5');
    const fields = { client_id: client.id, ...machine };
    const refused = await steps.refused(() => client.post('/token', fields, { 'client-cert': dpopBound }));
    expect([refused.status, refused.body['error']]).toEqual([400, 'invalid_request']);
    const dpop = await client.proof('POST', '/token');
    const { body } = await client.post('/token', fields, { 'client-cert': dpopBound, dpop });
    expect(body['token_type']).toBe('DPoP');
  });
});

describe('a code', () => {
  it('that is bound to a DPoP key is not redeemed with a certificate alone', async () => {
    const { codeVerifier, requestUri } = await pushed({ dpop_jkt: 'A'.repeat(43) });
    const code = await steps.codeFor({ requestUri }, ID);
    const answer = await steps.refused(() => post('/token', tpp.redemption(code, { codeVerifier }), own));
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_grant']);
  });

  it('of one TPP is not redeemed by another with its own certificate or assertion', async () => {
    const { codeVerifier, requestUri } = await pushed();
    const code = await steps.codeFor({ requestUri }, ID);
    const answer = await steps.refused(() => steps.tpp.postAs('/token', tpp.redemption(code, { codeVerifier })));
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_grant']);
    expect((await post('/token', tpp.redemption(code, { codeVerifier }), own)).status).toBe(200);
  });
});
