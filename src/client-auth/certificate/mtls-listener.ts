import { createServer, type Server } from 'node:https';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Express } from 'express';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import { behindProxies, BACKLOG, limitListener } from '../../http/listener.ts';
import { tlsOptions } from '../../http/tls-options.ts';

/**
 * A second port, for machines: the same routes, with client certificates requested. Any certificate is accepted for the connection;
 * the endpoint checks whether it is a client's, and answers with the standard's error if not.
 * @see RFC 8705 §5
 */
@Injectable()
export class MtlsListener implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #server: Server | undefined;

  constructor(
    private readonly host: HttpAdapterHost,
    @Inject(CONFIG) private readonly config: AppConfig,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { tls, mtls, host, trustedProxies } = this.config;
    if (!tls || mtls?.port === undefined) return;
    const app = this.host.httpAdapter.getInstance<Express>();
    const options = { ...tlsOptions(tls), requestCert: true, rejectUnauthorized: false };
    const server = limitListener(createServer(options, app), behindProxies(trustedProxies));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(mtls.port, host, BACKLOG, resolve);
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  }
}
