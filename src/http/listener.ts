import { once } from 'node:events';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { MINUTE_MS, SECOND_MS } from '../kernel/clock.ts';
import { sharedAddresses } from './listener/shared-addresses.ts';
import { networkOf } from '../kernel/web/network.ts';

/**
 * How many connections the system may queue until we accept them, for listen(). Node's 511 overflow when thousands of clients
 * connect at once, and then a probe of `/health/live` waits seconds until its SYN is sent again.
 */
export const BACKLOG = 4096;

/** Starts an application; Nest's own `listen` has no parameter for the backlog. */
export async function listen(app: NestExpressApplication, port: number, host: string): Promise<void> {
  await app.init();
  const server: Server = app.getHttpServer();
  server.listen({ port, host, backlog: BACKLOG });
  await once(server, 'listening');
}

export interface ListenerLimits {
  /** For the header of a request, counted from its first byte. */
  readonly headerMs: number;
  /** For a whole request, body included. */
  readonly requestMs: number;
  /** Between two requests of a connection. */
  readonly keepAliveMs: number;
  /** For a connection without a byte in either direction, including one whose client does not read its answer. */
  readonly idleMs: number;
  /** Until the client has read the next answer whole: it also limits a client that reads byte by byte. */
  readonly answerMs: number;
  readonly connections: number;
  /** Of these, from one network (an IPv4 address or an IPv6 /64), so that one caller does not keep others out. */
  readonly connectionsOfNetwork: number;
  /** Whether many callers share this address: loopback, and proxies. */
  readonly isShared: (address: string) => boolean;
  /** Unread answers of one connection: HTTP/1.1 lets a client send further requests before it has read an answer. */
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

/** For a listener behind proxies, whose addresses many callers share. @param proxies as in TRUSTED_PROXIES */
export function behindProxies(proxies: readonly string[]): Pick<ListenerLimits, 'isShared'> {
  return { isShared: sharedAddresses(proxies) };
}

/** The unread answers of a connection. */
interface Connection {
  unanswered: number;
  /** Since when the client has not read any of them whole. */
  since: number;
}

/**
 * Limits the connections of a listener: how long they last, how many there are, and how many unread answers each has.
 * Call it for every listener, after its handler is attached.
 *
 * It also answers 400 to a request with two Host headers or an HTTP version older than 1.0, because a proxy in front of us
 * could have read it as a different request.
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

/** False if the client keeps sending and reads nothing; its connection has been closed then. */
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
  // Node keeps the first of several and drops the others; in rawHeaders, names have even indexes.
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.length === 4 && rawHeaders[at]?.toLowerCase() === 'host') hosts += 1;
  }
  return hosts < 2;
}
