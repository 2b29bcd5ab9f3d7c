import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { APP_FILTER, NestFactory } from '@nestjs/core';
import { Module } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AppConfig } from '../../src/config/config.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { readFileWithMode } from '../../src/config/load-config.ts';
import { addMs, systemClock, type Clock } from '../../src/kernel/clock.ts';
import { Conditions } from '../../src/health/conditions.ts';
import { HealthModule } from '../../src/health/health.module.ts';
import { openPool } from '../../src/database/open-database.ts';
import { FoundationModule } from '../../src/foundation.module.ts';
import { ProblemFilter } from '../../src/http/errors/problem.filter.ts';
import { ConfigFixture } from '../support/config/config-fixture.ts';
import { exchange, type RawAnswer } from '../support/parties/exchange.ts';
import { createTestDatabase, type TestDatabase } from '../support/database/database.ts';

const DAY_MS = 86_400_000;

let fixture: ConfigFixture;
let database: TestDatabase;
let bankid: Server;
let asked = 0;
const running: NestExpressApplication[] = [];

/** Answers as BankID does to a request without an order: with a refusal, to a client that it knows. */
function startBankId(status = 404): Promise<Server> {
  const { BANKID_CERTIFICATE_FILE: cert, BANKID_KEY_FILE: key } = fixture.sandbox;
  const tls = { cert: readFileSync(cert!), key: readFileSync(key!), ca: readFileSync(cert!), requestCert: true };
  const server = createServer(tls, (_request, response) => {
    asked += 1;
    response.writeHead(status).end('{}');
  });
  return new Promise((resolve) => server.listen(0, 'localhost', () => resolve(server)));
}

async function ready(
  server: Server,
  clock: Clock = systemClock,
  env: Readonly<Record<string, string>> = {},
): Promise<RawAnswer & { readonly url: string }> {
  const parsed = parseConfig({ ...fixture.sandbox, ...env }, readFileWithMode, () => undefined);
  const { port } = server.address() as AddressInfo;
  // The test's server shows the RP's own certificate: the root that vouches for it is that certificate itself.
  const tlsRoot = readFileSync(fixture.sandbox['BANKID_CERTIFICATE_FILE']!, 'utf8');
  const config: AppConfig = {
    ...parsed,
    metricsPort: 0,
    bankid: { ...parsed.bankid, url: `https://localhost:${port}/rp/v6.0/`, tlsRoot },
  };
  const source = await openPool(database.url, 2);
  @Module({
    imports: [FoundationModule.forRoot({ config, clock, source }), HealthModule],
    // As the service has it: what is refused passes it, what is answered does not.
    providers: [{ provide: APP_FILTER, useClass: ProblemFilter }],
  })
  class HealthTrialModule {}
  const app = await NestFactory.create<NestExpressApplication>(HealthTrialModule, { logger: false });
  running.push(app);
  await app.listen(0, '127.0.0.1');
  const url = `${await app.getUrl()}/health/ready`;
  return { ...(await exchange(url)), url };
}

beforeAll(async () => {
  [fixture, database] = await Promise.all([ConfigFixture.create(), createTestDatabase()]);
  bankid = await startBankId();
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.close()));
});

afterAll(async () => {
  bankid.closeAllConnections();
  bankid.close();
  await database.close();
  fixture.remove();
});

describe('readiness', () => {
  it('is given when database and BankID answer, the clock agrees and no certificate has expired', async () => {
    const { status, body } = await ready(bankid);
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        status: 'ok',
        details: {
          database: { status: 'up' },
          bankid: { status: 'up' },
          clock: { status: 'up', offsetMs: expect.any(Number), bankidOffsetMs: expect.any(Number) },
          certificates: {
            status: 'up',
            daysLeft: {
              'rp-certificate': expect.any(Number),
              'bankid-tls-root': expect.any(Number),
              'bankid-signature-root': expect.any(Number),
            },
          },
        },
      },
    });
  });

  it('is refused when BankID cannot be reached', async () => {
    const gone = await startBankId();
    await new Promise((resolve) => gone.close(resolve));
    const test = await ready({ address: () => ({ port: 9 }) } as unknown as Server);
    expect(test).toMatchObject({ status: 503, body: { error: { bankid: { status: 'down' } } } });
  });

  it('is refused when BankID is under maintenance', async () => {
    const maintained = await startBankId(503);
    const test = await ready(maintained);
    maintained.closeAllConnections();
    maintained.close();
    expect(test).toMatchObject({ status: 503, body: { error: { bankid: { status: 'down' } } } });
  });

  it('is given with a warning when BankID does not answer with the RP certificate of another holder', async () => {
    const files = await fixture.certificate('shop', 'CN=Butiken AB');
    const { status, body } = await ready(bankid, systemClock, fixture.ring({ id: 'shop', ...files }));
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        details: {
          bankid: { status: 'degraded', message: 'does not answer with every RP certificate' },
          certificates: {
            daysLeft: { 'rp-certificate': expect.any(Number), 'rp-certificate-shop': expect.any(Number) },
          },
        },
      },
    });
    expect(JSON.stringify(body)).not.toContain('Butiken');
  });

  it('is given with a warning when the ledger is in trouble: payments are authorised all the same', async () => {
    const { url } = await ready(bankid);
    const trouble = { status: 'degraded', message: 'heads cannot be kept' } as const;
    running
      .at(-1)
      ?.get(Conditions)
      .add('ledger', () => trouble);
    expect(await exchange(url)).toMatchObject({
      status: 200,
      body: { status: 'degraded', details: { ledger: trouble } },
    });
  });

  it('is refused when our clock is minutes off', async () => {
    const late: Clock = { now: () => addMs(systemClock.now(), -5 * 60_000) };
    const { status, body } = await ready(bankid, late);
    expect({ status, body }).toMatchObject({ status: 503, body: { error: { clock: { status: 'down' } } } });
    expect(
      Math.abs((body as { details: { clock: { offsetMs: number } } }).details.clock.offsetMs + 300_000),
    ).toBeLessThan(5000);
  });

  it('is refused when a certificate has expired, and warned of 30 days before', async () => {
    const at = (date: string, days: number): Clock => ({ now: () => addMs(new Date(date), days * DAY_MS) });
    const expired = await ready(bankid, at('2099-01-01T00:00:00Z', 1));
    expect(expired).toMatchObject({ body: { error: { certificates: { status: 'down' } } } });
    const soon = await ready(bankid, at('2099-01-01T00:00:00Z', -10));
    expect(soon).toMatchObject({
      body: { details: { certificates: { status: 'degraded', daysLeft: { 'rp-certificate': 10 } } } },
    });
  });

  it('asks BankID once however often it is asked itself', async () => {
    const test = await ready(bankid);
    const before = asked;
    await Promise.all(Array.from({ length: 10 }, () => fetch(test.url)));
    expect(asked).toBe(before);
  });
});
