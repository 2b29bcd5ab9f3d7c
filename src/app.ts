import 'reflect-metadata';
import type { IncomingMessage } from 'node:http';
import { ValidationPipe, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Logger } from 'nestjs-pino';
import type { DestinationStream } from 'pino';
import type { AppConfig } from './config/config.ts';
import { systemClock, type Clock } from './kernel/clock.ts';
import { AppModule } from './app.module.ts';
import { ApiDocument } from './platform/api-document.ts';
import { echoInteractionId } from './platform/interaction-id.ts';
import { checkDatabase, openPool } from './platform/open-database.ts';
import { securityHeaders } from './platform/security-headers.ts';
import { tlsOptions } from './tpp/tls-options.ts';

/** The largest body that any route takes; the standard parser answers 413 beyond it. */
const BODY_LIMIT = '64kb';

export interface AppOptions {
  readonly config: AppConfig;
  readonly clock?: Clock;
  /** Where log lines go; stderr unless told. */
  readonly logStream?: DestinationStream;
}

/**
 * The service, ready to listen.
 * @throws Error with one sentence when the database is not this installation's
 */
export async function createApp({
  config,
  clock = systemClock,
  logStream,
}: AppOptions): Promise<NestExpressApplication> {
  const module = await appModule(config, clock, logStream);
  const app = await NestFactory.create<NestExpressApplication>(module, {
    bufferLogs: true,
    rawBody: true,
    bodyParser: false,
    ...(config.tls ? { httpsOptions: tlsOptions(config.tls) } : {}),
  });
  app.useLogger(app.get(Logger));
  app.set('trust proxy', config.trustedProxies.length === 0 ? false : [...config.trustedProxies]);
  app.set('query parser', 'simple');
  app.disable('x-powered-by');
  app.use(securityHeaders(config.issuer));
  app.use(echoInteractionId);
  app.useBodyParser('json', { limit: BODY_LIMIT, strict: true, type: isParsedJson });
  app.useBodyParser('urlencoded', { limit: BODY_LIMIT, extended: false });
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
  app.get(ApiDocument).describe(app, config.issuer);
  return app;
}

/** Uploads of evidence are larger; who takes them reads them himself, once he knows who sends them. */
function isParsedJson({ url, headers }: IncomingMessage): boolean {
  const isUpload = /^\/(?:evidence\/)?verify\/?(?:\?|$)/i.test(url ?? '');
  return !isUpload && /^application\/json\s*(?:;|$)/i.test(headers['content-type'] ?? '');
}

/** The service without its doors: for commands that read evidence, with no collector, settler or sweeper running. */
export async function createContext({ config, clock = systemClock }: AppOptions): Promise<INestApplicationContext> {
  const module = await appModule({ ...config, workers: false, mtls: undefined }, clock);
  return NestFactory.createApplicationContext(module, { logger: false });
}

async function appModule(
  config: AppConfig,
  clock: Clock,
  logStream?: DestinationStream,
): Promise<ReturnType<typeof AppModule.forRoot>> {
  const source = await openPool(config.database.url.reveal());
  try {
    await checkDatabase(source, config.environment);
  } catch (error) {
    await source.destroy();
    throw error;
  }
  return AppModule.forRoot({ config, clock, source, ...(logStream ? { logStream } : {}) });
}
