import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SandboxTls } from '../../../sandbox/tls.ts';

/** A ping as it arrived. */
export interface ReceivedPing {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly body: unknown;
}

/** What the receiver does with the next ping: answers with a status, breaks the connection, or says nothing at all. */
export type Reaction = number | 'reset' | 'hang' | { readonly redirect: string };

/** A client's notification endpoint on this machine, over TLS. */
export class PingReceiver {
  readonly pings: ReceivedPing[] = [];
  readonly #server: Server;
  readonly #next: Reaction[] = [];
  readonly #hanging = new Set<ServerResponse>();
  /** The root of its certificate. */
  readonly rootFile: string;

  private constructor(server: Server, rootFile: string) {
    this.#server = server;
    this.rootFile = rootFile;
  }

  static async start(folder: string): Promise<PingReceiver> {
    const tls = await SandboxTls.open(folder);
    const { certificateFile, keyFile } = await tls.serverFiles('localhost');
    const server = createServer({ cert: readFileSync(certificateFile), key: readFileSync(keyFile) });
    const receiver = new PingReceiver(server, tls.rootFile);
    server.on('request', (request, response) => void receiver.#receive(request, response));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** In this order; without any, a ping is answered 204. */
  react(...reactions: readonly Reaction[]): void {
    this.#next.push(...reactions);
  }

  /** Ends the silence of those that hang. */
  release(): void {
    for (const response of this.#hanging) response.destroy();
    this.#hanging.clear();
  }

  async stop(): Promise<void> {
    this.release();
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url: path, headers } = request;
    const body: unknown = JSON.parse(await text(request));
    const reaction = this.#next.shift() ?? 204;
    this.pings.push({ method, path, authorization: headers.authorization, contentType: headers['content-type'], body });
    if (reaction === 'reset') response.destroy();
    else if (reaction === 'hang') this.#hanging.add(response);
    else if (typeof reaction === 'number') response.writeHead(reaction).end();
    else response.writeHead(307, { location: reaction.redirect }).end();
  }
}
