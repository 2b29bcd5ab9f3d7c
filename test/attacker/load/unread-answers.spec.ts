import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { SandboxTls } from '../../../sandbox/tls.ts';
import { limitListener } from '../../../src/http/listener.ts';
import { createLogger } from '../../../src/operations/logging.ts';
import { startVerifierServer } from '../../../src/uploads/verifier-server.ts';
import { MovableClock } from '../../support/system/movable-clock.ts';
import { TestSystem } from '../../support/system/system.ts';
import { makeVector } from '../../support/vectors/vector.ts';

const request = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

/** Sends all of it at once, and never reads. */
function mute(port: number, text: string): Socket {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  socket.pause().write(text);
  return socket;
}

const answersIn = (read: string): number => read.split('HTTP/1.1 200 OK').length - 1;

/** Looks again in each turn of the event loop, which this process shares with the service. */
async function until(isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error('waited in vain');
    await nextTurn();
  }
}

/** Sends all of it at once, and reads until the other end closes. */
async function exchange(socket: Socket, text: string): Promise<string> {
  let read = '';
  socket.on('error', () => undefined).on('data', (chunk: Buffer) => (read += chunk.toString('latin1')));
  socket.write(text);
  await new Promise((resolve) => socket.once('close', resolve));
  return read;
}

describe('a client that never reads what it asked for', () => {
  let system: TestSystem;
  beforeAll(async () => {
    system = await TestSystem.start({ tls: true });
  }, 120_000);
  afterAll(() => system.stop());

  let plain: TestSystem;
  beforeAll(async () => {
    plain = await TestSystem.start();
  }, 120_000);
  afterAll(() => plain.stop());

  const portOf = (url: string): number => Number(new URL(url).port);

  it('loses each connection on which it asks for more than four answers, before they are made', async () => {
    const server = plain.system.app.getHttpServer();
    const theirs: Socket[] = [];
    const ours: Promise<unknown>[] = [];
    const answers: ServerResponse[] = [];
    const watch = (socket: Socket): void => void ours.push(once(socket, 'close'));
    const collect = (_: unknown, response: ServerResponse): void => void answers.push(response);
    server.on('connection', watch).on('request', collect);
    for (let n = 0; n < 20; n += 1) {
      theirs.push(mute(portOf(plain.system.issuer), request('/docs/openapi.json').repeat(1000)));
    }
    await until(() => ours.length === 20);
    await Promise.all(ours);
    server.off('connection', watch).off('request', collect);
    // Of 20,000 that were asked for.
    expect(answers.filter((answer) => answer.writableEnded).length).toBeLessThanOrEqual(80);
    for (const socket of theirs) socket.destroy();
    expect((await fetch(`${plain.system.issuer}/health/live`)).status).toBe(200);
  });

  it('has us keep one copy of a large document for all that it does not read', async () => {
    const size = (await (await fetch(`${plain.system.issuer}/docs/openapi.json`)).arrayBuffer()).byteLength;
    const server = plain.system.app.getHttpServer();
    const answers: ServerResponse[] = [];
    const collect = (_: unknown, response: ServerResponse): void => void answers.push(response);
    server.on('request', collect);
    const before = process.memoryUsage().arrayBuffers;
    const text = request('/docs/openapi.json').repeat(4);
    const theirs = Array.from({ length: 40 }, () => mute(portOf(plain.system.issuer), text));
    await until(() => answers.filter((answer) => answer.writableEnded).length === 160);
    const grown = process.memoryUsage().arrayBuffers - before;
    server.off('request', collect);
    for (const socket of theirs) socket.destroy();
    // 160 answers; each its own buffer would be 160 times the document.
    expect(size).toBeGreaterThan(50_000);
    expect(grown).toBeLessThan(20 * size);
  });

  it.each([
    ['http', () => connect(portOf(plain.system.issuer), '127.0.0.1'), '/docs/openapi.json'],
    ['https', () => connectTls(portOf(system.system.issuer), 'localhost', { rejectUnauthorized: false }), '/jwks'],
    ['metrics', () => connect(portOf(plain.system.metricsUrl), '127.0.0.1'), '/metrics'],
  ])('is let go of by the %s listener', async (_name, open, path) => {
    expect(answersIn(await exchange(open(), request(path).repeat(6)))).toBeLessThan(5);
    const four = await exchange(
      open(),
      request(path).repeat(3) + request(path).replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'),
    );
    expect(answersIn(four)).toBe(4);
  });

  it('is let go of by the listener for client certificates', async () => {
    const { mtls_endpoint_aliases: aliases } = (await (
      await fetch(`${system.system.issuer}/.well-known/oauth-authorization-server`)
    ).json()) as { mtls_endpoint_aliases: { token_endpoint: string } };
    const port = portOf(aliases.token_endpoint);
    const socket = connectTls(port, 'localhost', { rejectUnauthorized: false });
    expect(answersIn(await exchange(socket, request('/jwks').repeat(6)))).toBeLessThan(5);
  });

  it('is let go of by a verifier that stands alone', async () => {
    const verifier = await startVerifierServer(
      {
        environment: 'sandbox',
        host: '127.0.0.1',
        port: 0,
        signatureRoot: makeVector().rootPem,
        relyingParty: undefined,
        trust: { seals: [], timestamps: [], ledgerKeys: [] },
        tls: undefined,
        verdicts: undefined,
        logLevel: 'fatal',
      },
      new MovableClock(),
      createLogger('fatal'),
    );
    const read = await exchange(connect(verifier.port, '127.0.0.1'), request('/verify').repeat(6));
    expect(answersIn(read)).toBeLessThan(5);
    await verifier.close();
  });
});

describe('a listener', () => {
  const document = Buffer.alloc(20_000_000, 'x');
  let server: Server;
  let port: number;
  const listen = async (limits: Parameters<typeof limitListener>[1]): Promise<void> => {
    server = limitListener(
      createServer((_, response) => void response.end(document)),
      limits,
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  };
  const held = (): Promise<number> =>
    new Promise((resolve, reject) => server.getConnections((error, count) => (error ? reject(error) : resolve(count))));
  const untilHeld = async (wanted: number): Promise<void> => {
    while ((await held()) !== wanted) await nextTurn();
  };
  const accepted = async (): Promise<Socket> => ((await once(server, 'connection')) as [Socket])[0];
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('lets go of a connection whose answer is not read, and of what it holds for it', async () => {
    await listen({ idleMs: 200 });
    const theirs = mute(port, request('/'));
    const socket = await accepted();
    await once(socket, 'close');
    expect([socket.writableLength, theirs.destroy().bytesRead]).toEqual([0, 0]);
  });

  it('lets go of a connection whose answer is read byte by byte', async () => {
    await listen({ answerMs: 400 });
    const theirs = connect(port, '127.0.0.1', () => theirs.write(request('/'))).on('error', () => undefined);
    const reading = setInterval(() => void theirs.read(1), 20);
    theirs.on('readable', () => undefined);
    await once(await accepted(), 'close');
    clearInterval(reading);
    theirs.destroy();
    expect(theirs.bytesRead).toBeLessThan(document.length);
  });

  it.each([
    ['http', false],
    ['https', true],
  ])('keeps room for others when one address opens connections without end, by %s', async (_name, isTls) => {
    const answer = (_: unknown, response: ServerResponse): void => void response.end('here');
    const create = async (): Promise<Server> =>
      isTls ? createTlsServer(await identity(), answer) : createServer(answer);
    let isShared = false;
    server = limitListener(await create(), { connectionsOfNetwork: 2, isShared: () => isShared });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
    const open = (): Socket => connect(port, '127.0.0.1').on('error', () => undefined);
    const answered = async (): Promise<boolean> => {
      const socket = isTls ? connectTls(port, '127.0.0.1', { rejectUnauthorized: false }) : open();
      const read = await exchange(socket, 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
      return read.endsWith('here');
    };
    const opened = [open(), open()];
    await untilHeld(2);
    expect(await answered()).toBe(false);
    isShared = true;
    expect(await answered()).toBe(true);
    isShared = false;
    opened[0]?.destroy();
    await untilHeld(1);
    expect(await answered()).toBe(true);
    opened[1]?.destroy();
  });

  it('has a largest number of connections', async () => {
    await listen({ connections: 2 });
    const [one, two] = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
    await Promise.all([once(one, 'connect'), once(two, 'connect')]);
    const third = connect(port, '127.0.0.1').on('error', () => undefined);
    await once(third, 'close');
    expect([one.destroyed, two.destroyed]).toEqual([false, false]);
    one.destroy();
    two.destroy();
  });
});

/** A certificate and its key, for a server. */
async function identity(): Promise<{ readonly cert: Buffer; readonly key: Buffer }> {
  const folder = mkdtempSync(join(tmpdir(), 'sigill-listener-'));
  try {
    const { certificateFile, keyFile } = await (await SandboxTls.open(folder)).serverFiles('localhost');
    return { cert: readFileSync(certificateFile), key: readFileSync(keyFile) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('a request that another server could understand otherwise', () => {
  let system: TestSystem;
  beforeAll(async () => {
    system = await TestSystem.start();
  }, 120_000);
  afterAll(() => system.stop());

  it.each([
    ['names two hosts', 'GET /health/live HTTP/1.1\r\nHost: localhost\r\nhost: attacker.example\r\n\r\n'],
    ['names the same host twice', 'GET /health/live HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n'],
    ['names no host', 'GET /health/live HTTP/1.1\r\n\r\n'],
    ['speaks HTTP/0.9', 'GET /health/live\r\n\r\n'],
    ['says that it speaks HTTP/0.9', 'GET /health/live HTTP/0.9\r\nHost: localhost\r\n\r\n'],
    ['says that it speaks HTTP/2.0', 'GET /health/live HTTP/2.0\r\nHost: localhost\r\n\r\n'],
  ])('is refused: it %s', async (_what, text) => {
    for (const url of [system.system.issuer, system.system.metricsUrl]) {
      const answer = await exchange(connect(Number(new URL(url).port), '127.0.0.1'), text);
      expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    }
  });
});
