import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { html } from '../../../kernel/web/html.ts';

const PATH = '/callback';

/** Takes the browser back from the provider, on this machine alone and once. @see RFC 8252 §7.3, §8.3 */
export class RedirectListener {
  readonly #server: Server;
  readonly #arrived: Promise<URL>;

  private constructor(server: Server) {
    this.#server = server;
    this.#arrived = new Promise((resolve) => {
      server.on('request', (request, response) => {
        const url = new URL(request.url ?? '/', this.redirectUri);
        const isReturn = request.method === 'GET' && url.pathname === PATH;
        response.writeHead(isReturn ? 200 : 404, headers).end(isReturn ? page() : '');
        if (isReturn) resolve(url);
      });
    });
  }

  /** @param port 0 for any that is free @throws what the system says of a port that is taken */
  static async open(port: number): Promise<RedirectListener> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    return new RedirectListener(server);
  }

  get redirectUri(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${PATH}`;
  }

  /** The address to which the browser came back; undefined if it did not in time. */
  async wait(ms: number): Promise<URL | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), ms)));
    try {
      return await Promise.race([this.#arrived, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeIdleConnections();
    await closed;
  }
}

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'",
  'referrer-policy': 'no-referrer',
  connection: 'close',
};

function page(): string {
  return html`<!doctype html>
    <html lang="sv">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>sigill</title>
      </head>
      <body>
        <p>Inloggningen är klar. Stäng fönstret och gå tillbaka till terminalen.</p>
        <p lang="en">You have logged in. Close this window and go back to the terminal.</p>
      </body>
    </html>`.toString();
}
