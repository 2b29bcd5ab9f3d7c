import 'reflect-metadata';
import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { DestinationStream, Logger as PinoLogger } from 'pino';
import type { AppConfig } from './config/config.ts';
import { systemClock, type Clock } from './kernel/clock.ts';
import { AppModule } from './app.module.ts';
import { ApiDocument } from './openapi/api-document.ts';
import { shapeHttp } from './http/http-shape.ts';
import { echoInteractionId } from './http/interaction-id.ts';
import { openCheckedPool } from './database/open-database.ts';
import { bankIdTimings, type Timings } from './bankid-sign/timings.ts';
import { KeyRings } from './vault/key-rings.ts';
import { createLogger } from './operations/logging.ts';
import { MessagePipe } from './http/message.pipe.ts';
import { tlsOptions } from './http/tls-options.ts';
import { busyEndpoints } from './token/busy-endpoints.ts';
import { CredentialHeaders } from './client-auth/credential-headers.ts';

export interface AppOptions {
  readonly config: AppConfig;
  readonly clock?: Clock;
  /** Intervals and time limits of the calls to BankID; those of production by default. */
  readonly timings?: Timings;
  /** Where log lines go; stderr by default. */
  readonly logStream?: DestinationStream;
  /** Further routes: the sandbox has a page of its own. */
  readonly modules?: readonly DynamicModule[];
}

/**
 * The service, ready to listen.
 * @throws Error with one sentence if the database is not this installation's, or a key that its rows name is missing
 */
export async function createApp(options: AppOptions): Promise<NestExpressApplication> {
  const { config } = options;
  const logger = createLogger(config.logLevel, options.logStream);
  const module = await appModule(options, logger);
  const app = await NestFactory.create<NestExpressApplication>(module, {
    bufferLogs: true,
    // A route reads its body itself, after its caller has been authenticated.
    bodyParser: false,
    ...(config.tls ? { httpsOptions: tlsOptions(config.tls) } : {}),
  });
  await checkKeys(app);
  const isHttps = config.issuer.startsWith('https:');
  const further = [app.get(CredentialHeaders).check, echoInteractionId];
  shapeHttp(app, {
    logger,
    isHttps,
    trustedProxies: config.trustedProxies,
    busyEndpoints: busyEndpoints(config.issuer),
    further,
  });
  app.useGlobalPipes(new MessagePipe());
  app.get(ApiDocument).describe(app, config.issuer);
  return app;
}

/** The service without its listeners: for commands that read evidence, with no collector, settler or sweeper running. */
export async function createContext({ config, ...options }: AppOptions): Promise<INestApplicationContext> {
  const atRest = { ...options, config: { ...config, workers: false, mtls: undefined } };
  const module = await appModule(atRest, createLogger(config.logLevel));
  return NestFactory.createApplicationContext(module, { logger: false });
}

/** Runs before anything that needs a key. */
async function checkKeys(app: NestExpressApplication): Promise<void> {
  try {
    await app.get(KeyRings).checkAtStart();
  } catch (error) {
    await app.close();
    throw error;
  }
}

async function appModule(
  { config, clock = systemClock, timings = bankIdTimings, modules = [] }: AppOptions,
  logger: PinoLogger,
): Promise<ReturnType<typeof AppModule.forRoot>> {
  const source = await openCheckedPool(config.database.url.reveal(), config.environment);
  return AppModule.forRoot({ config, clock, timings, source, logger, modules });
}
