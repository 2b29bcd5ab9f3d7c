import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AddressInfo } from 'node:net';
import type { VerifierConfig } from '../config/parse-verifier-config.ts';
import type { Clock } from '../kernel/clock.ts';
import { listen } from '../http/listener.ts';
import { shapeHttp } from '../http/http-shape.ts';
import { createLogger } from '../operations/logging.ts';
import { tlsOptions } from '../http/tls-options.ts';
import { VerifierModule } from './server/verifier.module.ts';

export interface VerifierServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * `POST /evidence/verify` by itself: without database and state, with callers authenticated by mTLS, and the audit line in the
 * log. In the sandbox TLS is optional, on loopback.
 */
export async function startVerifierServer(
  config: VerifierConfig,
  clock: Clock,
  logger = createLogger(config.logLevel),
): Promise<VerifierServer> {
  const { tls, host, port } = config;
  const app = await NestFactory.create<NestExpressApplication>(VerifierModule.forRoot(config, clock, logger), {
    bufferLogs: true,
    bodyParser: false,
    abortOnError: false,
    forceCloseConnections: true,
    ...(tls
      ? { httpsOptions: { ...tlsOptions(tls), ca: tls.clientCa, requestCert: true, rejectUnauthorized: true } }
      : {}),
  });
  shapeHttp(app, { logger, isHttps: tls !== undefined, trustedProxies: [] });
  await listen(app, port, host);
  const address = app.getHttpServer().address() as AddressInfo;
  return { port: address.port, close: () => app.close() };
}
