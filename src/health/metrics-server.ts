import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { CONFIG, type AppConfig } from '../config/config.ts';
import { BACKLOG, limitListener } from '../http/listener.ts';
import { Metrics } from '../operations/metrics.ts';

/** `GET /metrics` on a port of its own, which should not be reachable from outside. */
@Injectable()
export class MetricsServer implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #server: Server;

  constructor(
    @Inject(CONFIG) private readonly config: AppConfig,
    private readonly host: HttpAdapterHost,
    metrics: Metrics,
  ) {
    this.#server = limitListener(createServer((request, response) => void answer(metrics, request, response)));
  }

  /** The port it listens on: with METRICS_PORT=0, a free one. */
  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? 0;
  }

  async onApplicationBootstrap(): Promise<void> {
    // Commands that read evidence run the same modules without HTTP, often beside a service that uses this port.
    if (!hasHttp(this.host)) return;
    const { host, metricsPort } = this.config;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(metricsPort, host, BACKLOG, resolve);
    });
  }

  async onApplicationShutdown(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

/** Never throws. */
async function answer(metrics: Metrics, { method, url }: IncomingMessage, response: ServerResponse): Promise<void> {
  if (url !== '/metrics') return void response.writeHead(404).end();
  if (method !== 'GET' && method !== 'HEAD') return void response.writeHead(405, { Allow: 'GET, HEAD' }).end();
  try {
    const text = await metrics.exposition();
    response.writeHead(200, { 'Content-Type': metrics.registry.contentType }).end(text);
  } catch {
    response.writeHead(500).end();
  }
}

/** Without HTTP, Nest leaves the adapter undefined, contrary to its type. */
function hasHttp(host: HttpAdapterHost): boolean {
  return Boolean(host.httpAdapter as unknown);
}
