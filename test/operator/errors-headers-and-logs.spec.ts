import { Controller, Get, Module, Query } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Logger } from 'nestjs-pino';
import type { AppConfig } from '../../src/config/config.ts';
import { DomainError } from '../../src/kernel/errors.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { ApiDocument } from '../../src/openapi/api-document.ts';
import { HealthModule } from '../../src/health/health.module.ts';
import { createLogger, loggingModule } from '../../src/operations/logging.ts';
import { Metrics } from '../../src/operations/metrics.ts';
import { MetricsServer } from '../../src/health/metrics-server.ts';
import { OpenApiModule } from '../../src/openapi/openapi.module.ts';
import { FoundationModule } from '../../src/foundation.module.ts';
import { ProblemFilter } from '../../src/http/errors/problem.filter.ts';
import { requestLog } from '../../src/http/request/request-log.ts';
import { requestScope } from '../../src/http/request/request-scope.ts';
import { OpenToAll } from '../../src/http/route-declaration.ts';
import { securityHeaders } from '../../src/http/security-headers.ts';
import { FloodGuard, throttlingModule } from '../../src/rates/throttling.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { readFileWithMode } from '../../src/config/load-config.ts';
import { ConfigFixture } from '../support/config/config-fixture.ts';
import { exchange, type RawAnswer } from '../support/parties/exchange.ts';
import { createTestDatabase, type TestDatabase } from '../support/database/database.ts';
import { withoutRandomHex } from '../support/random-hex.ts';

@Controller('trial')
@OpenToAll()
class TrialController {
  @Get('known')
  known(): never {
    throw new DomainError('consent.not-found', { detail: 'No such consent.', log: 'for the operator' });
  }

  @Get('unknown')
  unknown(@Query('q') q: string): never {
    throw new Error(`a bug about 191212121212 and ${q}`);
  }
}

const logs: string[] = [];
const logger = createLogger('debug', { write: (line: string) => void logs.push(line) });
let fixture: ConfigFixture;
let database: TestDatabase;
let app: NestExpressApplication;

async function start(changes: Partial<AppConfig>, limit?: number): Promise<NestExpressApplication> {
  const parsed = parseConfig(fixture.sandbox, readFileWithMode, () => undefined);
  const config: AppConfig = { ...parsed, metricsPort: 0, ...changes };
  @Module({
    imports: [
      FoundationModule.forRoot({ config, clock: systemClock, source: database.source }),
      loggingModule(logger),
      throttlingModule(config, limit),
      HealthModule,
      OpenApiModule,
    ],
    controllers: [TrialController],
    providers: [
      { provide: APP_GUARD, useClass: FloodGuard },
      { provide: APP_FILTER, useClass: ProblemFilter },
    ],
  })
  class TrialModule {}
  const made = await NestFactory.create<NestExpressApplication>(TrialModule, { bufferLogs: true });
  made.useLogger(made.get(Logger));
  made.disable('x-powered-by');
  made.set('etag', false);
  made.use(requestScope(requestLog(logger), made.get(Metrics)));
  made.use(securityHeaders(config.issuer.startsWith('https:')));
  made.get(ApiDocument).describe(made, config.issuer);
  await made.listen(0, '127.0.0.1');
  return made;
}

beforeAll(async () => {
  [fixture, database] = await Promise.all([ConfigFixture.create(), createTestDatabase()]);
  app = await start({});
});

afterAll(async () => {
  await app.close();
  await database.close();
  fixture.remove();
});

async function get(
  path: string,
  headers: Readonly<Record<string, string>> = {},
  from: NestExpressApplication = app,
): Promise<RawAnswer> {
  return exchange(new URL(path, await from.getUrl()), { headers });
}

describe('errors', () => {
  it('are problem documents whose type leads to a page', async () => {
    const response = await get('/trial/known');
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toMatch(/application\/problem\+json/);
    expect(JSON.parse(response.text)).toMatchObject({ code: 'consent.not-found', detail: 'No such consent.' });
    const page = new URL((JSON.parse(response.text) as { type: string }).type).pathname;
    const { status, headers } = await get(page);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/html/);
  });

  it('that were not foreseen tell the client nothing but the request id, which the log has too', async () => {
    logs.length = 0;
    const response = await get('/trial/unknown?q=hemligt');
    expect(response.status).toBe(500);
    const { requestId } = JSON.parse(response.text) as { requestId: string };
    expect(withoutRandomHex(response.text)).not.toMatch(/bug|hemligt|1912/);
    const lines = logs.filter((line) => line.includes(requestId));
    expect(lines.length).toBeGreaterThan(0);
    expect(logs.join('')).not.toMatch(/191212121212/);
  });

  it('answer an unknown address and an unknown problem alike', async () => {
    for (const path of ['/nowhere', '/problems/toString']) {
      const { status, text } = await get(path);
      expect(status).toBe(404);
      expect(JSON.parse(text)).toMatchObject({ code: 'request.not-found' });
    }
  });
});

describe('the page of a problem', () => {
  it('says in a sentence what the title says in two or three words', async () => {
    const { status, text } = await get('/problems/request.forged-certificate');
    expect(status).toBe(200);
    expect(text).toContain('Untrusted certificate header');
    expect(text).toContain('A client certificate in a header is accepted only from configured proxies.');
  });
});

describe('logs', () => {
  it('tell route, status and time of a request, and never its headers, query string or path', async () => {
    logs.length = 0;
    await get('/problems/internal?token=hemligt', { authorization: 'DPoP hemligt', cookie: 'a=hemligt' });
    const lines = logs.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toContainEqual(
      expect.objectContaining({ msg: 'request answered', method: 'GET', route: '/problems/:code', status: 200 }),
    );
    expect(logs.join('')).not.toMatch(/hemligt|authorization|cookie|problems\/internal/i);
  });
});

describe('every answer', () => {
  const common = {
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  };
  const ofOneAnswer = ['connection', 'content-length', 'date', 'keep-alive', 'x-request-id'];

  /** The headers but for those that differ from one answer to the next. */
  function standing(headers: Headers): Record<string, string> {
    return Object.fromEntries([...headers].filter(([name]) => !ofOneAnswer.includes(name)));
  }

  it('forbids a browser everything, is cached nowhere, and says nothing else', async () => {
    const { status, body, headers } = await get('/health/live');
    expect([status, body]).toEqual([200, { status: 'ok' }]);
    expect(standing(headers)).toEqual({ ...common, 'content-type': 'application/json; charset=utf-8' });
  });

  it('that is a page keeps its window to itself, and is allowed its style and pictures alone', async () => {
    const { headers } = await get('/problems');
    expect(standing(headers)).toEqual({
      ...common,
      'content-security-policy':
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'content-type': 'text/html; charset=utf-8',
      'cross-origin-opener-policy': 'same-origin',
      'origin-agent-cluster': '?1',
      'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
    });
  });

  it('keeps browsers on https for two years where the issuer is https', async () => {
    const secure = await start({ issuer: 'https://sigill.example' });
    const { headers } = await get('/health/live', {}, secure);
    await secure.close();
    expect(standing(headers)).toEqual({
      ...common,
      'content-type': 'application/json; charset=utf-8',
      'strict-transport-security': 'max-age=63072000',
    });
  });
});

describe('a flood', () => {
  it('from one address is turned away with 429, but not in the sandbox', async () => {
    const guarded = await start({ environment: 'production' }, 3);
    const ask = () => get('/health/ready', {}, guarded);
    const answers = await Promise.all(Array.from({ length: 10 }, ask));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(1);
    expect(JSON.parse(refused[0]!.text)).toMatchObject({ code: 'request.too-many' });
    expect(refused[0]!.headers.get('retry-after')).not.toBeNull();
    await guarded.close();
    const open = await Promise.all(Array.from({ length: 120 }, () => get('/health/ready')));
    expect(open.some(({ status }) => status === 429)).toBe(false);
  });

  it('does not make an orchestrator that asks from the same address take the process for dead', async () => {
    const guarded = await start({ environment: 'production' }, 3);
    const ask = (path: string) => get(path, {}, guarded);
    await Promise.all(Array.from({ length: 10 }, () => ask('/health/ready')));
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask('/health/live')));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    await guarded.close();
  });
});

describe('documentation and metrics', () => {
  it('describe every route as OpenAPI 3.1, and as a page with nothing inline', async () => {
    const { status, body } = await get('/docs/openapi.json');
    expect(status).toBe(200);
    expect(body).toMatchObject({ openapi: '3.1.0', info: { title: 'Sigill' } });
    expect(Object.keys(body['paths'] as object)).toEqual(
      expect.arrayContaining(['/health/live', '/health/ready', '/trial/known', '/problems/{code}']),
    );
    const page = await get('/docs');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toMatch(/html/);
    expect(page.text).toContain('/trial/known');
    expect(page.text).not.toMatch(/<script(?! src=)|<style|style=|onclick/);
    expect(page.headers.get('content-security-policy')).toContain(
      "default-src 'none'; script-src 'self'; style-src 'self'",
    );
    const style = await get('/docs/sigill.css');
    expect(style.status).toBe(200);
    expect(style.headers.get('content-type')).toMatch(/text\/css/);
  });

  it('stand on a port of their own', async () => {
    const { port } = app.get(MetricsServer);
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(text).toContain('process_resident_memory_bytes');
    expect((await fetch(`http://127.0.0.1:${port}/health/live`)).status).toBe(404);
    expect((await get('/metrics')).status).toBe(404);
  });
});
