import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import pg from 'pg';

export interface PoolerOptions {
  /** `transaction`: a server connection for a transaction. `session`: one for as long as its client is there. */
  readonly mode: 'transaction' | 'session';
  /** Which of the idle server connections is next: the one that was used last (PgBouncer's default), or the one that was not. */
  readonly order?: 'last-used' | 'round-robin';
  /** How many server connections there are before the first client comes. */
  readonly warm?: number;
  /** What is asked of the server in place of the clients' own `options`. */
  readonly options?: string;
}

interface Backend {
  readonly socket: Socket;
  readonly messages: Framing;
  client: Client | undefined;
}

interface Client {
  readonly socket: Socket;
  backend: Backend | undefined;
  /** Messages after which the server says ReadyForQuery, and has not yet. */
  unanswered: number;
}

const READY = 'Z'.charCodeAt(0);
const IDLE = 'I'.charCodeAt(0);
const QUERY = 'Q'.charCodeAt(0);
const SYNC = 'S'.charCodeAt(0);
const TERMINATE = 'X'.charCodeAt(0);
/** AuthenticationOk, and ReadyForQuery outside of a transaction. */
const WELCOME = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, READY, 0, 0, 0, 5, IDLE]);

/** A pooler as they stand between services and PostgreSQL: it speaks the protocol (version 3) and gives server connections out. */
export class PretendPooler {
  readonly #idle: Backend[] = [];
  readonly #all: Backend[] = [];
  readonly #clients = new Set<Socket>();
  readonly #server: Server;

  private constructor(
    private readonly url: string,
    private readonly options: PoolerOptions,
  ) {
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async start(url: string, options: PoolerOptions): Promise<PretendPooler> {
    const pooler = new PretendPooler(url, options);
    for (let made = 0; made < (options.warm ?? 0); made += 1) pooler.#idle.push(await pooler.#open());
    pooler.#server.listen(0, '127.0.0.1');
    await once(pooler.#server, 'listening');
    return pooler;
  }

  get clientUrl(): string {
    const { port } = this.#server.address() as AddressInfo;
    return this.url.replace(/:\d+\//, `:${port}/`);
  }

  async stop(): Promise<void> {
    for (const socket of this.#clients) socket.destroy();
    for (const { socket } of this.#all) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    const client: Client = { socket, backend: undefined, unanswered: 0 };
    const messages = new Framing(true);
    let work = Promise.resolve();
    this.#clients.add(socket);
    socket.on('error', () => undefined).on('close', () => this.#release(client));
    socket.on('data', (chunk: Buffer) => {
      for (const message of messages.push(chunk)) work = work.then(() => this.#take(client, message));
    });
  }

  async #take(client: Client, message: Buffer): Promise<void> {
    const [type] = message;
    // The startup message has no type: its first byte is that of its length.
    if (type === 0) client.socket.write(WELCOME);
    else if (type === TERMINATE) client.socket.end();
    else {
      client.backend ??= await this.#next(client);
      if (type === QUERY || type === SYNC) client.unanswered += 1;
      client.backend.socket.write(message);
    }
  }

  async #next(client: Client): Promise<Backend> {
    const idle = this.options.order === 'round-robin' ? this.#idle.shift() : this.#idle.pop();
    const backend = idle ?? (await this.#open());
    backend.client = client;
    return backend;
  }

  /** Logs in as the driver does, and then takes the connection from it. */
  async #open(): Promise<Backend> {
    const login = new pg.Client({ connectionString: this.url, options: this.options.options ?? '-c lock_timeout=5s' });
    await login.connect();
    const { stream: socket } = (login as unknown as { connection: { stream: Socket } }).connection;
    for (const event of ['data', 'error', 'end', 'close']) socket.removeAllListeners(event);
    const backend: Backend = { socket, messages: new Framing(false), client: undefined };
    socket.on('error', () => undefined).on('data', (chunk: Buffer) => this.#answer(backend, chunk));
    this.#all.push(backend);
    return backend;
  }

  #answer(backend: Backend, chunk: Buffer): void {
    for (const message of backend.messages.push(chunk)) {
      const { client } = backend;
      if (!client) continue;
      client.socket.write(message);
      if (message[0] !== READY) continue;
      client.unanswered -= 1;
      const isOver = message[5] === IDLE && client.unanswered === 0;
      if (isOver && this.options.mode === 'transaction') this.#release(client);
    }
  }

  #release(client: Client): void {
    const { backend } = client;
    if (!backend) return;
    client.backend = undefined;
    backend.client = undefined;
    this.#idle.push(backend);
  }
}

/** Whole messages out of chunks: a type and a length, but for the first of a client, which has no type. */
class Framing {
  #rest = Buffer.alloc(0);

  constructor(private isStartup: boolean) {}

  push(chunk: Buffer): readonly Buffer[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const messages: Buffer[] = [];
    for (;;) {
      const typeLength = this.isStartup ? 0 : 1;
      if (this.#rest.length < typeLength + 4) return messages;
      const end = typeLength + this.#rest.readUInt32BE(typeLength);
      if (this.#rest.length < end) return messages;
      messages.push(this.#rest.subarray(0, end));
      this.#rest = this.#rest.subarray(end);
      this.isStartup = false;
    }
  }
}
