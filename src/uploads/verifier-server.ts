import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AddressInfo } from 'node:net';
import { makeBundleTrust, noTrust } from '../bundle/trust.ts';
import { ConfigError } from '../config/config.ts';
import type { VerifierConfig } from '../config/parse-verifier-config.ts';
import { attempt, Malformed } from '../crypto/malformed.ts';
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
 * @throws ConfigError for what is to be trusted and cannot be read
 */
export async function startVerifierServer(
  config: VerifierConfig,
  clock: Clock,
  logger = createLogger(config.logLevel),
): Promise<VerifierServer> {
  const { tls, host, port, trust } = config;
  checkTrust(trust);
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

function checkTrust({ seals, timestamps, ledgerKeys }: VerifierConfig['trust']): void {
  const sources = {
    VERIFIER_SEAL_TRUST_FILE: { seals },
    VERIFIER_TIMESTAMP_TRUST_FILE: { timestamps },
    VERIFIER_LEDGER_KEYS_FILE: { ledgerKeys },
  };
  const faults = Object.entries(sources).flatMap(([name, source]) => {
    const made = attempt(() => makeBundleTrust({ ...noTrust, ...source }));
    return made instanceof Malformed ? [`${name} cannot be read: ${made.message}.`] : [];
  });
  if (faults.length > 0) throw new ConfigError(faults);
}
