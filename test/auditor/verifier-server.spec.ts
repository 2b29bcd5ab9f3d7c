import 'reflect-metadata';
import { generateKeyPairSync, webcrypto } from 'node:crypto';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import * as x509 from '@peculiar/x509';
import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose';
import type { SigningKeyConfig } from '../../src/config/config.ts';
import type { VerifierConfig } from '../../src/config/parse-verifier-config.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { createLogger } from '../../src/operations/logging.ts';
import { startVerifierServer, type VerifierServer } from '../../src/uploads/verifier-server.ts';
import { makeVector, now, relyingPartyName } from '../support/vectors/vector.ts';
import { personalNumber } from '../support/vectors/test-pki.ts';
import { BUNDLE_TYPE } from '../../src/bundle/container.ts';
import { Sealing } from '../support/seals/sealing.ts';
import { folderOf } from '../support/evidence/evidence-export.ts';

x509.cryptoProvider.set(webcrypto as unknown as Crypto);
type Crypto = Parameters<typeof x509.cryptoProvider.set>[0];

const vector = makeVector();
const completion = { signature: vector.completion.signature, ocspResponse: vector.completion.ocspResponse };
const verdictKey: SigningKeyConfig = {
  kid: 'v1',
  purpose: 'verdicts',
  alg: 'EdDSA',
  privateJwk: new Secret(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })),
};
const lines: string[] = [];
const log = createLogger('info', { write: (line) => void lines.push(line) });
const clock = { now: () => now };
const base: Omit<VerifierConfig, 'tls' | 'verdicts'> = {
  environment: 'sandbox',
  host: '127.0.0.1',
  port: 0,
  signatureRoot: vector.rootPem,
  relyingParty: relyingPartyName,
  trust: { seals: [], timestamps: [], ledgerKeys: [] },
  logLevel: 'info',
};

describe('a verifier that stands alone', () => {
  let server: VerifierServer;
  let ours: Authority;
  let caller: Identity;
  beforeAll(async () => {
    ours = await authority('Bank CA');
    const own = await ours.issue('localhost');
    caller = await ours.issue('core-banking');
    const tls = { certificate: own.cert, key: new Secret(own.key), clientCa: ours.pem };
    server = await startVerifierServer(
      { ...base, tls, verdicts: { issuer: 'https://verifier.example', keys: [verdictKey] } },
      clock,
      log,
    );
  }, 60_000);
  afterAll(() => server.close());
  beforeEach(() => lines.splice(0));

  it('verifies for a caller of the configured authority, and writes the audit line and nothing of what was sent', async () => {
    const answer = await post(completion);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toMatchObject({ indication: 'TOTAL-PASSED', signer: { personalNumber } });
    const line = lines
      .map((text) => JSON.parse(text) as Record<string, unknown>)
      .find(({ msg }) => msg === 'upload verified')!;
    expect(line).toMatchObject({ msg: 'upload verified', purpose: 'audit', indication: 'TOTAL-PASSED' });
    expect(line['caller']).toMatch(/^x5t#S256:/);
    expect(line['sha256']).toMatch(/^[0-9a-f]{64}$/);
    expect(lines.join('')).not.toMatch(/199001012385|Anna|PD94/);
  });

  it('signs the verdict for the archive', async () => {
    const answer = await post(completion, { accept: 'application/jose' });
    const keys = JSON.parse((await call('GET', '/jwks')).body) as JSONWebKeySet;
    const { protectedHeader, payload } = await compactVerify(answer.body, createLocalJWKSet(keys));
    expect(protectedHeader).toMatchObject({ typ: 'sigill-verdict+jwt', kid: 'v1' });
    expect(JSON.parse(Buffer.from(payload).toString())).toMatchObject({
      iss: 'https://verifier.example',
      environment: 'sandbox',
      verifiedAt: now.toISOString(),
      report: { indication: 'TOTAL-PASSED' },
    });
  });

  it('lets no caller in without a certificate of that authority', async () => {
    const stranger = await (await authority('Bank CA')).issue('core-banking');
    await expect(post(completion, {}, 'nobody')).rejects.toThrow();
    await expect(post(completion, {}, stranger)).rejects.toThrow();
    expect(lines).toEqual([]);
  });

  it('refuses what is no evidence, has no purpose or is too large, and goes on', async () => {
    expect((await post({ trust: 'x' })).status).toBe(400);
    expect((await post(completion, { 'sigill-purpose': 'curiosity' })).status).toBe(400);
    expect((await post(completion, { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await post({ signature: 'A'.repeat(1_100_000) })).status).toBe(413);
    expect((await post(completion, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await call('GET', '/evidence/verify')).status).toBe(405);
    expect((await call('GET', '/')).status).toBe(404);
    expect((await post(completion)).status).toBe(200);
  });

  it('shows a page that runs its own script only', async () => {
    const page = await call('GET', '/verify');
    expect(page.status).toBe(200);
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(page.body).not.toMatch(/<script>|style=|onclick/);
    const paths = page.body.match(/\/verify\/assets\/[\w.-]+/g) ?? [];
    expect(paths.map((path) => path.slice(path.lastIndexOf('.')))).toEqual(['.svg', '.css', '.js', '.svg']);
    for (const path of paths) expect((await call('GET', path)).status).toBe(200);
    const report = await call('POST', '/verify', { accept: 'text/plain', 'accept-language': 'sv' }, completion);
    expect(report.body).toMatch(/^UNPINNED {2}TOTAL-PASSED\nAlla kontroller godkändes/);
    expect(report.body).not.toContain(personalNumber);
  });

  it('lets every caller on this machine in, in the sandbox, which has no TLS', async () => {
    const open = await startVerifierServer({ ...base, tls: undefined, verdicts: undefined }, clock, log);
    const headers = { 'content-type': 'application/json', 'sigill-purpose': 'audit' };
    const url = `http://127.0.0.1:${open.port}/evidence/verify`;
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(completion) });
    expect(await answer.json()).toMatchObject({ indication: 'TOTAL-PASSED' });
    const signed = { ...headers, accept: 'application/jose' };
    expect((await fetch(url, { method: 'POST', headers: signed, body: '{}' })).status).toBe(400);
    await open.close();
  });

  it('judges seals by the issuers that it was given, names them, and does not start with what is no certificate', async () => {
    const sealing = await Sealing.open(now);
    const { rootPem } = sealing.services;
    const trust = { seals: [rootPem], timestamps: [rootPem], ledgerKeys: [] };
    const open = await startVerifierServer({ ...base, trust, tls: undefined, verdicts: undefined }, clock, log);
    const answer = await fetch(`http://127.0.0.1:${open.port}/evidence/verify`, {
      method: 'POST',
      headers: { 'content-type': BUNDLE_TYPE, 'sigill-purpose': 'audit' },
      body: Uint8Array.from(await sealing.bundle(new Map(folderOf(vector)))),
    });
    await open.close();
    expect(await answer.json()).toMatchObject({
      ...{ indication: 'TOTAL-PASSED', container: 'bundle', ledger: { state: 'none' } },
      seal: { state: 'sound', timestamp: { state: 'sound' } },
      trusted: { seals: [expect.any(String)], timestamps: [expect.any(String)], ledgers: [] },
    });
    const wrong = { ...base, trust: { ...trust, timestamps: ['no certificate'] }, tls: undefined, verdicts: undefined };
    await expect(startVerifierServer(wrong, clock, log)).rejects.toThrow(
      'VERIFIER_TIMESTAMP_TRUST_FILE cannot be read',
    );
  });

  interface Answer {
    readonly status: number;
    readonly headers: IncomingMessage['headers'];
    readonly body: string;
  }

  function post(
    body: object,
    headers: Record<string, string> = {},
    identity: Identity | 'nobody' = caller,
  ): Promise<Answer> {
    return call('POST', '/evidence/verify', headers, body, identity);
  }

  async function call(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: object,
    identity: Identity | 'nobody' = caller,
  ): Promise<Answer> {
    const options: RequestOptions = {
      method,
      path,
      host: 'localhost',
      port: server.port,
      family: 4,
      ca: ours.pem,
      ...(identity === 'nobody' ? {} : identity),
      headers: { 'content-type': 'application/json', 'sigill-purpose': 'audit', ...headers },
    };
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = httpsRequest(options, resolve).on('error', reject);
      sent.end(body && JSON.stringify(body));
    });
    return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
  }
});

interface Identity {
  readonly cert: string;
  readonly key: string;
}

interface Authority {
  readonly pem: string;
  issue(name: string): Promise<Identity>;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const validity = { notBefore: new Date('2020-01-01'), notAfter: new Date('2040-01-01') };

async function authority(name: string): Promise<Authority> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: algorithm,
    ...validity,
    extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
  });
  return {
    pem: root.toString('pem'),
    issue: async (subject) => {
      const own = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
      const certificate = await x509.X509CertificateGenerator.create({
        subject: `CN=${subject}`,
        issuer: root.subject,
        signingKey: keys.privateKey,
        publicKey: own.publicKey,
        signingAlgorithm: algorithm,
        ...validity,
        extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: subject }])],
      });
      const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', own.privateKey)).toString('base64');
      const key = `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`;
      return { cert: certificate.toString('pem'), key };
    },
  };
}
