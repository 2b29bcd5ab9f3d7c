import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SandboxTls } from '../../../sandbox/tls.ts';
import { TokenSteps } from '../../support/token/token-steps.ts';

let folder: string;
let steps: TokenSteps;
let certificate: string;
const lines: string[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sigill-forged-'));
  const tls = await SandboxTls.open(folder);
  const { certificate: pem } = await tls.clientCertificate('intygsbetal');
  certificate = `:${pem.replaceAll(/-----[A-Z ]+-----|\s/g, '')}:`;
  steps = await TokenSteps.start({
    // Certificates are taken, and from a proxy elsewhere; this connection comes from here.
    env: { TRUSTED_PROXIES: '192.0.2.7', CLIENT_CA_FILE: tls.clientCaFile, MTLS_URL: 'https://mtls.sigill.example' },
    logStream: { write: (line: string) => void lines.push(line) },
  });
}, 60_000);
afterAll(async () => {
  await steps.stop();
  rmSync(folder, { recursive: true });
});

const machine = { grant_type: 'client_credentials', client_id: 'intygsbetal' };

describe('a caller that is no configured proxy and writes a certificate into a header', () => {
  it.each(['client-cert', 'Client-Cert', 'CLIENT-CERT', 'client-cert-chain'])('is refused: %s', async (name) => {
    for (const value of [certificate, '', 'x']) {
      const answer = await steps.tpp.post('/token', machine, { [name]: value });
      expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_request']);
    }
  });

  it('is refused at every endpoint, also with all that is right besides', async () => {
    const token = await steps.tpp.machineToken('consents');
    const paths = ['/consent', '/jwks', '/authorize', '/health/live', '/docs/openapi.json', '/nowhere'];
    for (const path of paths) {
      const answer = await steps.tpp.call(token, 'GET', path, { headers: { 'client-cert': certificate } });
      expect([path, answer.status]).toEqual([path, 400]);
    }
    const pushed = await steps.tpp.postAs('/par', steps.tpp.pushFields(), { 'client-cert': certificate });
    expect(pushed.status).toBe(400);
  });

  it('is not believed for saying that it comes from the proxy', async () => {
    for (const header of ['x-forwarded-for', 'forwarded', 'x-real-ip']) {
      const value = header === 'forwarded' ? 'for=192.0.2.7' : '192.0.2.7';
      const answer = await steps.tpp.post('/token', machine, { 'client-cert': certificate, [header]: value });
      expect([header, answer.status]).toEqual([header, 400]);
    }
  });

  it('stands in the log once, with where the first came from and nothing of the certificate', async () => {
    await steps.tpp.post('/token', machine, { 'client-cert': certificate });
    const refused = lines.filter((line) => line.includes('"code":"request.forged-certificate"'));
    expect(refused).toHaveLength(1);
    expect(JSON.parse(refused[0] ?? '')).toMatchObject({
      level: 'info',
      msg: 'request refused',
      reason: expect.stringMatching(/^from .*(?:127\.0\.0\.1|::1)$/),
    });
    expect(lines.join('')).not.toContain(certificate.slice(1, 60));
  });
});
