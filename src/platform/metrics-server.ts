import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { CONFIG, type AppConfig } from '../config/config.ts';
import { Metrics } from './metrics.ts';

/** `GET /metrics` on a port of its own, which is not meant to be reachable from outside. */
@Injectable()
export class MetricsServer implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #server: Server;

  constructor(
    @Inject(CONFIG) private readonly config: AppConfig,
    private readonly host: HttpAdapterHost,
    metrics: Metrics,
  ) {
    this.#server = createServer((request, response) => {
      if (request.method !== 'GET' || request.url !== '/metrics') {
        response.writeHead(404).end();
        return;
      }
      void metrics.exposition().then(
        (text) => response.writeHead(200, { 'Content-Type': metrics.registry.contentType }).end(text),
        () => response.writeHead(500).end(),
      );
    });
  }

  /** The port it listens on: with METRICS_PORT=0 the one that was free. */
  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? 0;
  }

  async onApplicationBootstrap(): Promise<void> {
    // A command that reads evidence runs the same modules without a door, often beside a service that has this port.
    if (!hasHttp(this.host)) return;
    const { host, metricsPort } = this.config;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(metricsPort, host, resolve);
    });
  }

  async onApplicationShutdown(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

/** Without HTTP, Nest leaves the adapter out, whatever its type says. */
function hasHttp(host: HttpAdapterHost): boolean {
  return Boolean(host.httpAdapter as unknown);
}
