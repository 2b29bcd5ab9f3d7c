import 'reflect-metadata';
import { ValidationPipe, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Logger } from 'nestjs-pino';
import type { DestinationStream, Logger as PinoLogger } from 'pino';
import type { AppConfig } from './config/config.ts';
import { systemClock, type Clock } from './kernel/clock.ts';
import { AppModule } from './app.module.ts';
import { ApiDocument } from './platform/api-document.ts';
import { echoInteractionId } from './platform/interaction-id.ts';
import { checkDatabase, openPool } from './platform/open-database.ts';
import { createLogger } from './platform/logging.ts';
import { Metrics } from './platform/metrics.ts';
import { requestScope } from './platform/request-scope.ts';
import { securityHeaders } from './platform/security-headers.ts';
import { Door } from './tpp/door.ts';
import { tlsOptions } from './tpp/tls-options.ts';

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
  const logger = createLogger(config.logLevel, logStream);
  const module = await appModule(config, clock, logger);
  const app = await NestFactory.create<NestExpressApplication>(module, {
    bufferLogs: true,
    // Whoever takes a body reads it himself, once he knows who sends it.
    bodyParser: false,
    ...(config.tls ? { httpsOptions: tlsOptions(config.tls) } : {}),
  });
  app.useLogger(app.get(Logger));
  app.set('trust proxy', config.trustedProxies.length === 0 ? false : [...config.trustedProxies]);
  app.set('query parser', 'simple');
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use(requestScope(logger, app.get(Metrics)));
  app.use(securityHeaders(config.issuer));
  app.use(app.get(Door).enter);
  app.use(echoInteractionId);
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
  app.get(ApiDocument).describe(app, config.issuer);
  return app;
}

/** The service without its doors: for commands that read evidence, with no collector, settler or sweeper running. */
export async function createContext({ config, clock = systemClock }: AppOptions): Promise<INestApplicationContext> {
  const module = await appModule({ ...config, workers: false, mtls: undefined }, clock, createLogger(config.logLevel));
  return NestFactory.createApplicationContext(module, { logger: false });
}

async function appModule(
  config: AppConfig,
  clock: Clock,
  logger: PinoLogger,
): Promise<ReturnType<typeof AppModule.forRoot>> {
  const source = await openPool(config.database.url.reveal());
  try {
    await checkDatabase(source, config.environment);
  } catch (error) {
    await source.destroy();
    throw error;
  }
  return AppModule.forRoot({ config, clock, source, logger });
}
