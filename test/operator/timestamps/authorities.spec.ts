import { hash } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TsaRoutes } from '../../../simulator/tsa/tsa-routes.ts';
import { openTrustServices, type TrustServices } from '../../../simulator/tsa/trust-services.ts';
import type { TsaScenario } from '../../../simulator/tsa/tsa-scenarios.ts';
import { fromPem } from '../../../simulator/pki/pem.ts';
import { parseCertificate } from '../../../src/crypto/x509/certificate.ts';
import { DomainError } from '../../../src/kernel/errors.ts';
import { Metrics } from '../../../src/operations/metrics.ts';
import { AuthorityClient } from '../../../src/timestamps/authority-client.ts';
import { Crls } from '../../../src/timestamps/crls.ts';
import { Timestamps } from '../../../src/timestamps/timestamps.ts';
import { readBody } from '../../../simulator/rp/read-body.ts';

const digest = hash('sha256', 'a checkpoint', 'buffer');
let now = new Date('2026-11-22T08:00:00Z');
const clock = { now: () => now };
const addMinutes = (count: number): void => {
  now = new Date(now.getTime() + count * 60_000);
};

let server: Server;
let services: TrustServices;
let client: AuthorityClient;
let origin: string;
/** The paths that were asked, in order. */
let asked: string[] = [];

beforeAll(async () => {
  Logger.overrideLogger(false);
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  services = await openTrustServices(undefined, now, `${origin}/tsa/crl`);
  const routes = new TsaRoutes(services, () => now);
  server.on('request', (request, response) => {
    const path = request.url ?? '';
    asked.push(path.slice('/tsa/'.length));
    if (path === '/tsa/crl') void routes.sendCrl(response);
    else void readBody(request, 65_536).then((body) => routes.stamp(request, response, path, body!));
  });
});
beforeEach(() => {
  asked = [];
  client = new AuthorityClient(1000);
});
afterEach(() => client.close());
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const metrics = new Metrics();
const timestamps = (...scenarios: readonly TsaScenario[]): Timestamps =>
  new Timestamps(
    scenarios.map((scenario) => ({
      url: `${origin}/tsa/${scenario}`,
      trust: [fromPem(services.rootPem)],
      policies: ['2.999.3161.1'],
    })),
    client,
    metrics,
    clock,
  );

describe('a timestamp', () => {
  it('is by the first authority, and verifies later under its trust', async () => {
    const stamps = timestamps('good', 'down');
    const { token, time } = await stamps.stamp(digest);
    expect(asked).toEqual(['good']);
    addMinutes(600);
    expect(stamps.verify(token, digest)).toMatchObject({
      time,
      authority: 'Simulated Time Stamping Authority v1 Test',
    });
    expect(() => stamps.verify(token, hash('sha256', 'another', 'buffer'))).toThrow('something else');
  });

  it.each(['down', 'dropped', 'slow', 'redirect', 'too-large', 'not-der', 'rejected'] as const)(
    'is by the next authority when the first is %s, which is asked again next time',
    async (scenario) => {
      const stamps = timestamps(scenario, 'good');
      await stamps.stamp(digest);
      await stamps.stamp(digest);
      expect(asked).toEqual([scenario, 'good', scenario, 'good']);
    },
  );

  it.each([
    'imprint',
    'nonce',
    'no-nonce',
    'policy',
    'eku-not-critical',
    'eku-not-sole',
    'time-ahead',
    'time-behind',
    'foreign',
    'revoked',
    'expired',
    'no-certificate',
    'sha1-certificate-id',
    'broken-signature',
  ] as const)('is by the next authority when the first lies (%s), which is not asked for an hour', async (scenario) => {
    const stamps = timestamps(scenario, 'good');
    await stamps.stamp(digest);
    addMinutes(59);
    await stamps.stamp(digest);
    expect(asked).toEqual([scenario, 'good', 'good']);
    addMinutes(1);
    await stamps.stamp(digest);
    expect(asked.slice(3)).toEqual([scenario, 'good']);
  });

  it('is refused for now when no authority answers rightly, and counted', async () => {
    const before = await metrics.readCounter('sigill_timestamps_total', countedAs('wrong'));
    const error = await timestamps('down', 'imprint')
      .stamp(digest)
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(DomainError);
    expect(error).toMatchObject({ code: 'service.unavailable' });
    expect(await metrics.readCounter('sigill_timestamps_total', countedAs('wrong'))).toBe(before + 1);
  });
});

const countedAs = (outcome: string): { authority: string; outcome: string } => ({
  authority: origin.slice('http://'.length),
  outcome,
});

describe('the CRL of a seal', () => {
  const pathOf = (certificate: Buffer) => [certificate, fromPem(services.rootPem)].map((der) => parseCertificate(der));

  it('is fetched from where the certificate says, and again only after its next update', async () => {
    const crls = new Crls(client, clock);
    const path = pathOf(fromPem(services.seal.certificatePem));
    const [first] = await crls.crlsOf(path);
    addMinutes(23 * 60);
    expect(await crls.crlsOf(path)).toEqual([first]);
    expect(asked).toEqual(['crl']);
    addMinutes(61);
    expect(await crls.crlsOf(path)).not.toEqual([first]);
    expect(asked).toEqual(['crl', 'crl']);
  });

  it('stops the seal when it revokes the certificate, does not hold, or is not there', async () => {
    const crls = new Crls(client, clock);
    const refusal = (path: ReturnType<typeof pathOf>): Promise<unknown> =>
      crls.crlsOf(path).then(
        () => undefined,
        (error: unknown) => (error as DomainError).log,
      );
    expect(await refusal(pathOf(services.bad.revoked.certificate))).toMatch(/is revoked/);
    const [seal] = pathOf(fromPem(services.seal.certificatePem));
    const other = await openTrustServices(undefined, now, `${origin}/tsa/crl`);
    expect(await refusal([seal!, parseCertificate(fromPem(other.rootPem))])).toMatch(/not signed by the issuer/);
    const [root] = pathOf(fromPem(services.rootPem));
    expect(await refusal([root!, root!])).toMatch(/names no CRL/);
    const away = await openTrustServices(undefined, now, 'http://127.0.0.1:9/crl');
    expect(await refusal(pathOf(fromPem(away.seal.certificatePem)))).toMatch(/cannot be fetched/);
  });
});
