import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromPem } from '../../../simulator/pki/pem.ts';
import { readBody } from '../../../simulator/rp/read-body.ts';
import { openTrustServices, type TrustServices } from '../../../simulator/tsa/trust-services.ts';
import { TsaRoutes } from '../../../simulator/tsa/tsa-routes.ts';
import type { TsaScenario } from '../../../simulator/tsa/tsa-scenarios.ts';
import { Metrics } from '../../../src/operations/metrics.ts';
import { AuthorityClient } from '../../../src/timestamps/authority-client.ts';
import { Timestamps } from '../../../src/timestamps/timestamps.ts';

/** The simulator's timestamping authority without the rest of it, on a clock that the test sets. */
export class TestAuthority {
  now = new Date('2026-11-22T08:00:00Z');
  readonly clock = { now: () => this.now };
  readonly metrics = new Metrics();
  /** What was asked, in order: scenarios, and `crl`. */
  asked: string[] = [];
  readonly #clients: AuthorityClient[] = [];

  private constructor(
    readonly server: Server,
    readonly origin: string,
    private readonly folder: string,
    public services: TrustServices,
  ) {}

  static async start(): Promise<TestAuthority> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const folder = mkdtempSync(join(tmpdir(), 'sigill-tsa-'));
    const now = new Date('2026-11-22T08:00:00Z');
    const authority = new TestAuthority(
      server,
      origin,
      folder,
      await openTrustServices(folder, now, `${origin}/tsa/crl`),
    );
    server.on('request', (request, response) => {
      const path = request.url ?? '';
      authority.asked.push(path.slice('/tsa/'.length));
      const routes = new TsaRoutes(authority.services, () => authority.now);
      if (path === '/tsa/crl') void routes.sendCrl(response);
      else void readBody(request, 65_536).then((body) => routes.stamp(request, response, path, body!));
    });
    return authority;
  }

  passMinutes(count: number): void {
    this.now = new Date(this.now.getTime() + count * 60_000);
  }

  /** New certificates under the same root, valid from today. */
  async renewCertificates(): Promise<void> {
    this.services = await openTrustServices(this.folder, this.now, `${this.origin}/tsa/crl`);
  }

  /** A client of its own, which gives up after a second. */
  client(): AuthorityClient {
    const client = new AuthorityClient(1000);
    this.#clients.push(client);
    return client;
  }

  /** Timestamps by authorities that play these scenarios. */
  timestamps(...scenarios: readonly TsaScenario[]): Timestamps {
    const trust = [fromPem(this.services.rootPem)];
    const policies = ['2.999.3161.1'];
    const authorities = scenarios.map((scenario) => ({ url: `${this.origin}/tsa/${scenario}`, trust, policies }));
    return new Timestamps(authorities, this.client(), this.metrics, this.clock);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
    this.server.closeAllConnections();
    this.server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
