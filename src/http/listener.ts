import { once } from 'node:events';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { MINUTE_MS, SECOND_MS } from '../kernel/clock.ts';
import { sharedAddresses } from './listener/shared-addresses.ts';
import { networkOf } from '../kernel/web/network.ts';

/**
 * Connections that the system may hold for us until they are accepted, as listen() takes it. With Node's 511, thousands that connect
 * at once overflow it, and a probe of `/health/live` waits seconds for its SYN to be sent again.
 */
export const BACKLOG = 4096;

/** Starts an application of ours; Nest's own `listen` takes no backlog. */
export async function listen(app: NestExpressApplication, port: number, host: string): Promise<void> {
  await app.init();
  const server: Server = app.getHttpServer();
  server.listen({ port, host, backlog: BACKLOG });
  await once(server, 'listening');
}

export interface ListenerLimits {
  /** For the header of a request, from its first byte. */
  readonly headerMs: number;
  /** For a whole request, body included. */
  readonly requestMs: number;
  /** Between two requests of a connection. */
  readonly keepAliveMs: number;
  /** Without a byte in either direction, an answer that is not read included. */
  readonly idleMs: number;
  /** Until the last byte of the next answer is taken: also by a client that reads byte by byte. */
  readonly answerMs: number;
  readonly connections: number;
  /** Of them, from one network: one address (of IPv6, its /64) does not keep the others out. */
  readonly connectionsOfNetwork: number;
  /** Addresses from which many come: this machine's, and those of proxies. */
  readonly isShared: (address: string) => boolean;
  /** Of one connection: HTTP/1.1 lets a client send its next requests before it has read an answer. */
  readonly unanswered: number;
}

const LIMITS: ListenerLimits = {
  headerMs: 10 * SECOND_MS,
  requestMs: 30 * SECOND_MS,
  keepAliveMs: 5 * SECOND_MS,
  idleMs: 30 * SECOND_MS,
  answerMs: MINUTE_MS,
  connections: 4000,
  connectionsOfNetwork: 500,
  isShared: sharedAddresses([]),
  unanswered: 4,
};

/** For a listener that is reached through proxies: many callers share their addresses. @param proxies as in TRUSTED_PROXIES */
export function behindProxies(proxies: readonly string[]): Pick<ListenerLimits, 'isShared'> {
  return { isShared: sharedAddresses(proxies) };
}

/** What a connection owes its client. */
interface Connection {
  unanswered: number;
  /** Since when nothing was taken in full of what it is owed. */
  since: number;
}

/**
 * Bounds what a listener holds for its clients: for how long, for how many, and how many answers that they have not read.
 * Every listener of ours goes through here, once its handler is attached.
 *
 * It also answers 400 to a request that names two hosts, or speaks a protocol older than HTTP/1.0: what stands before us
 * could have understood another request than we do.
 * @see RFC 9112 §2.3, §3.2, §9.3.2
 */
export function limitListener<S extends Server>(server: S, changes: Partial<ListenerLimits> = {}): S {
  const limits = { ...LIMITS, ...changes };
  server.headersTimeout = limits.headerMs;
  server.requestTimeout = limits.requestMs;
  server.keepAliveTimeout = limits.keepAliveMs;
  server.maxConnections = limits.connections;
  server.setTimeout(limits.idleMs, (socket: Socket) => socket.destroy());
  limitNetworks(server, limits);
  const connections = new Map<Socket, Connection>();
  const handlers = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (!count(connections, request, response, limits)) return;
    if (isUnambiguous(request)) for (const handle of handlers) handle.call(server, request, response);
    else response.writeHead(400, { Connection: 'close' }).end();
  });
  const sweep = setInterval(() => letGoOfSlow(connections, limits), Math.ceil(limits.answerMs / 4)).unref();
  server.once('close', () => clearInterval(sweep));
  return server;
}

function limitNetworks(server: Server, { connectionsOfNetwork, isShared }: ListenerLimits): void {
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const { remoteAddress = '' } = socket;
    if (isShared(remoteAddress)) return;
    const network = networkOf(remoteAddress);
    const count = (open.get(network) ?? 0) + 1;
    open.set(network, count);
    socket.once('close', () => {
      const left = (open.get(network) ?? 1) - 1;
      if (left === 0) open.delete(network);
      else open.set(network, left);
    });
    if (count > connectionsOfNetwork) socket.destroy();
  });
}

/** False: the client keeps sending and reads nothing, so its connection was closed. */
function count(
  connections: Map<Socket, Connection>,
  { socket }: IncomingMessage,
  response: ServerResponse,
  { unanswered }: ListenerLimits,
): boolean {
  const connection = connections.get(socket) ?? { unanswered: 0, since: 0 };
  if (connection.unanswered === 0) connection.since = performance.now();
  connection.unanswered += 1;
  if (connection.unanswered > unanswered || socket.destroyed) {
    socket.destroy();
    return false;
  }
  if (!connections.has(socket)) {
    connections.set(socket, connection);
    socket.once('close', () => connections.delete(socket));
  }
  response.once('close', () => {
    connection.unanswered -= 1;
    connection.since = performance.now();
  });
  return true;
}

function letGoOfSlow(connections: ReadonlyMap<Socket, Connection>, { answerMs }: ListenerLimits): void {
  const latest = performance.now() - answerMs;
  for (const [socket, { unanswered, since }] of connections) {
    if (unanswered > 0 && since < latest) socket.destroy();
  }
}

function isUnambiguous({ httpVersion, rawHeaders }: IncomingMessage): boolean {
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return false;
  let hosts = 0;
  // Node keeps the first of several and drops the others; the names stand at even places.
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.length === 4 && rawHeaders[at]?.toLowerCase() === 'host') hosts += 1;
  }
  return hosts < 2;
}
