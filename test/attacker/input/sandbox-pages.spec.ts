import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../sandbox/free-port.ts';
import { foreignReturnPage } from '../../../sandbox/shop/payment-pages.ts';
import { startSite } from '../../../sandbox/site.ts';
import { redemptionByHand } from '../../../sandbox/site/command.ts';
import type { SiteLinks } from '../../../sandbox/site/front-page.ts';
import type { Site } from '../../../sandbox/site/routes.ts';
import type { AppContext } from '../../../simulator/app/app-api.ts';
import { serveApp } from '../../../simulator/app/app-server.ts';

const issuer = 'http://localhost:3000';

const ask = async (
  port: number,
  method: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, method, path, headers, timeout: 5000 }, (answer) => {
      resolve(answer.resume().statusCode);
    })
      .once('error', reject)
      .once('timeout', () => reject(new Error(`no answer to ${path}`)))
      .end();
  });

describe('a page of another site whose name leads to the sandbox', () => {
  let server: Server;
  let port: number;
  beforeAll(async () => {
    port = await freePort();
    server = await startSite(port, { identity: { handle: () => false } } as unknown as Site);
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('reads nothing, not even where its path names it as the host', async () => {
    const host = `evil.example:${port}`;
    for (const path of ['/site.css', `//${host}/site.css`, `http://${host}/site.css`])
      expect([path, await ask(port, 'GET', path, { host })]).toEqual([path, 404]);
    expect(await ask(port, 'GET', '/site.css', { host: `localhost:${port}` })).toBe(200);
  });

  it('does nothing by a form of its own', async () => {
    const host = `evil.example:${port}`;
    const headers = { host, origin: `http://${host}` };
    expect(await ask(port, 'POST', `//${host}/login`, headers)).toBe(404);
  });

  it('does not end the sandbox by a path that is none', async () => {
    const host = `localhost:${port}`;
    for (const path of ['//', '//:x', '/%', '*'])
      expect([path, await ask(port, 'GET', path, { host })]).toEqual([path, 404]);
  });
});

describe('the pretend BankID app', () => {
  it('goes on after a path that is none', async () => {
    const app = createServer();
    serveApp(app, {} as AppContext);
    const port = await freePort();
    await new Promise<void>((resolve) => app.listen(port, '127.0.0.1', resolve));
    try {
      for (const path of ['//', '//:x', '*']) expect([path, await ask(port, 'GET', path)]).toEqual([path, 404]);
    } finally {
      app.closeAllConnections();
      app.close();
    }
  });
});

describe('a command that the sandbox offers to paste', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sigill-paste-'));
  const marker = join(folder, 'ran');
  afterAll(() => rmSync(folder, { recursive: true }));

  const evil = [
    `x$(touch ${marker})`,
    `x;touch ${marker};`,
    `x\`touch ${marker}\``,
    `x" ; touch ${marker} ; "`,
    `x' ; touch ${marker} ; '`,
    `x)"\ntouch ${marker}\n`,
    `-x\u001b[201~\ntouch ${marker}\n`,
  ];
  const address = (changes: Record<string, string>): URL =>
    new URL(`http://localhost:3003/callback?${new URLSearchParams({ code: 'c'.repeat(43), ...changes }).toString()}`);

  /** As a person does who pastes it, without what reaches the network. */
  const paste = (command: string): boolean => {
    spawnSync('sh', ['-c', `curl() { :; }; npm() { :; }\n${command}`], { cwd: folder });
    return existsSync(marker);
  };

  it.each(evil)('runs nothing that a link to its page has brought: %j', (text) => {
    for (const [url, client] of [
      [address({}), text],
      [address({ code: text }), 'exempelbetal'],
    ] as const)
      expect(paste(redemptionByHand({ issuer }, url, client))).toBe(false);
  });

  it.each(evil)('is not offered for what no client and no code is called: %j', (text) => {
    for (const url of [address({ state: `by-hand-${text}` }), address({ state: 'by-hand-exempelbetal', code: text })]) {
      const visit = { url, language: 'en', t: <T>(_: T, english: T) => english } as const;
      expect(foreignReturnPage(visit, { issuer } as SiteLinks).toString()).not.toContain('class="command"');
    }
  });

  it('is offered for the code of a registered client', () => {
    const visit = {
      url: address({ state: 'by-hand-exempelbetal' }),
      language: 'en',
      t: <T>(_: T, english: T) => english,
    } as const;
    expect(foreignReturnPage(visit, { issuer } as SiteLinks).toString()).toContain('--client exempelbetal');
  });
});
