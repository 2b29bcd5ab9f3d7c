import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { endpoints, type Endpoint, type Faults, type RequestFault } from '../orders/faults.ts';
import type { OrderBook } from '../orders/order-book.ts';
import type { Pki } from '../pki/pki.ts';
import { asObject, type JsonObject } from './members.ts';
import { parseOrderRef, parseOrderRequest } from './order-request.ts';
import { readBody } from './read-body.ts';
import { relyingPartyOf, type RelyingParty } from './relying-party.ts';
import { invalidParameters, RpError } from './rp-error.ts';

const BASE_PATH = '/rp/v6.0/';
const MAX_BODY_BYTES = 512 * 1024;

/**
 * The relying-party side: TLS 1.2 or 1.3, only with a client certificate of the simulator's RP CA. An order belongs to that certificate's holder.
 * @see https://developers.bankid.com/api-references/auth--sign/overview
 */
export function createRpServer(pki: Pki, orders: OrderBook, faults: Faults): Server {
  const server = createServer(
    {
      cert: pki.tlsServer.certPem,
      key: pki.tlsServer.keyPem,
      ca: pki.rpCaPem,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
    },
    (request, response) => void answer(request, response, orders, faults),
  );
  holdFaultyConnections(server, faults);
  return server;
}

/** A hanging connection is accepted by TCP, and its TLS handshake never begins. */
function holdFaultyConnections(server: Server, faults: Faults): void {
  const handshakes = server.listeners('connection');
  const held = new Set<Socket>();
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    if (faults.takeConnectionHang()) {
      held.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => held.delete(socket));
      socket.resume();
    } else {
      for (const handshake of handshakes) Reflect.apply(handshake, server, [socket]);
    }
  });
  const closeAll = server.closeAllConnections.bind(server);
  server.closeAllConnections = (): void => {
    for (const socket of held) socket.destroy();
    closeAll();
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  orders: OrderBook,
  faults: Faults,
): Promise<void> {
  try {
    const endpoint = checkEndpoint(request);
    const body = await parseBody(request);
    const party = relyingPartyOf(request.socket);
    const isFinal = endpoint === 'collect' && orders.isFinal(parseOrderRef(body), party);
    const fault = faults.takeRequest(endpoint, isFinal);
    if (fault?.kind === 'latency') await delay(fault.ms, undefined, { ref: false });
    else if (fault && isBeforeProcessing(response, fault)) return;
    const result = process(endpoint, body, party, orders);
    if (fault?.kind === 'lost-answer') response.destroy();
    else send(response, 200, result);
  } catch (error) {
    if (error instanceof RpError) send(response, error.status, { errorCode: error.errorCode, details: error.details });
    else send(response, 500, { errorCode: 'internalError', details: 'Internal technical error in the simulator' });
  }
}

/** Whether the fault has taken the place of any processing. */
function isBeforeProcessing(response: ServerResponse, fault: RequestFault): boolean {
  switch (fault.kind) {
    case 'hang':
      return true;
    case 'drop':
      response.destroy();
      return true;
    case 'error':
      send(response, fault.status, { errorCode: fault.errorCode, details: 'A planned fault of the simulator' });
      return true;
    case 'not-json':
      response.writeHead(fault.status, { 'content-type': 'text/html' });
      response.end('<html><body><h1>Bad gateway</h1></body></html>');
      return true;
    case 'latency':
    case 'lost-answer':
      return false;
  }
}

function checkEndpoint(request: IncomingMessage): Endpoint {
  const path = request.url ?? '';
  const name = path.startsWith(BASE_PATH) ? path.slice(BASE_PATH.length) : '';
  const endpoint = endpoints.find((known) => known === name);
  if (!endpoint) throw new RpError(404, 'notFound', 'Not found');
  if (request.method !== 'POST') throw new RpError(405, 'methodNotAllowed', 'Only POST is allowed');
  if (request.headers['content-type']?.toLowerCase() !== 'application/json') {
    throw new RpError(415, 'unsupportedMediaType', 'The content type must be application/json, without parameters');
  }
  return endpoint;
}

async function parseBody(request: IncomingMessage): Promise<JsonObject> {
  const bytes = await readBody(request, MAX_BODY_BYTES);
  if (!bytes) throw invalidParameters('The body is too large');
  try {
    return asObject(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)), 'body');
  } catch {
    throw invalidParameters('The body is not a JSON object');
  }
}

function process(endpoint: Endpoint, body: JsonObject, party: RelyingParty, orders: OrderBook): unknown {
  switch (endpoint) {
    case 'collect':
      return orders.collect(parseOrderRef(body), party);
    case 'cancel':
      orders.cancel(parseOrderRef(body), party);
      return {};
    default: {
      const { orderRef, tokens } = orders.place(parseOrderRequest(endpoint, body), party);
      return { orderRef, ...tokens };
    }
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
