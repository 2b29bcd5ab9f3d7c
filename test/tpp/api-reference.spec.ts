import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { operationsOf, type ApiDescription } from '../support/api/api-schemas.ts';
import { launchBrowser } from '../support/browser/browser.ts';
import { TestSystem } from '../support/system/system.ts';

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
/** The library needs seconds where others keep the processor busy. */
const PATIENCE = { timeout: 90_000 };

let system: TestSystem;
let browser: Browser;
let api: ApiDescription;
beforeAll(async () => {
  system = await TestSystem.start();
  browser = await launchBrowser();
  api = (await (await fetch(`${system.system.issuer}/docs/openapi.json`)).json()) as ApiDescription;
}, 120_000);
afterAll(async () => {
  await browser.close();
  await system.stop();
});

interface Seen {
  readonly page: Page;
  /** Origins of what the page requested. */
  readonly origins: Set<string>;
  /** What the policy blocked, and what the script threw. */
  readonly complaints: string[];
}

async function open(options: BrowserContextOptions): Promise<Seen> {
  const page = await (await browser.newContext({ locale: 'en-US', ...options })).newPage();
  const origins = new Set<string>();
  const complaints: string[] = [];
  page.on('request', (request) => origins.add(new URL(request.url()).origin));
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(`${system.system.issuer}/docs`);
  return { page, origins, complaints };
}

/** Presses on the operation, and waits for its sample. */
async function unfold(page: Page, operationId: string): Promise<string> {
  const block = page.locator(`[id$="-${operationId}"]`);
  await block.locator('.opblock-summary-control').waitFor(PATIENCE);
  await block
    .locator('.opblock-summary-control')
    .evaluate((button) => (button as unknown as { click(): void }).click());
  await block.locator('.sample').waitFor(PATIENCE);
  return block.innerText();
}

/** What a person cannot use, of the kinds that axe calls serious or critical. */
async function findBarriers(page: Page): Promise<unknown> {
  await page.evaluate(axe);
  return page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
       .filter(({ impact }) => impact === 'serious' || impact === 'critical')
       .flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ' ' + target.join(' '))))`,
  );
}

describe('the API reference at /docs', () => {
  it.each<readonly [string, BrowserContextOptions]>([
    ['on a desktop in the light', { viewport: { width: 1280, height: 800 }, colorScheme: 'light' }],
    ['on a phone in the dark', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' }],
  ])(
    'shows every operation %s, asks no other origin, breaks no policy and can be read by all',
    async (_, options) => {
      const { page, origins, complaints } = await open(options);
      await page.locator('.opblock').first().waitFor(PATIENCE);
      const shown = await page.locator('.opblock .opblock-summary-path').allInnerTexts();
      const paths = operationsOf(api).map(([path]) => path);
      // The library sets places where a long path may break.
      expect(shown.map((path) => path.replaceAll('\u200b', '')).sort()).toEqual(paths.sort());
      const consume = await unfold(page, 'consumeConsent');
      for (const words of ['accessTokenSha256', 'scope consume', 'proof dpop POST', '422'])
        expect(consume).toContain(words);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      expect(await findBarriers(page)).toEqual([]);
      expect([...origins]).toEqual([new URL(system.system.issuer).origin]);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
    300_000,
  );

  it('lists every operation without a script', async () => {
    const { page } = await open({ javaScriptEnabled: false });
    const text = await page.locator('#reference').innerText();
    for (const [path, , { summary = '' }] of operationsOf(api)) {
      expect(text).toContain(path);
      expect(text).toContain(summary.replaceAll('`', ''));
    }
    await page.context().close();
  }, 60_000);

  it('allows nothing inline and no eval', async () => {
    const policy = (await fetch(`${system.system.issuer}/docs`)).headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).not.toMatch(/unsafe|http|\*/);
  });
});

describe('what the API reference loads', () => {
  it('stays in a cache for a year under a path with its version, and other paths lead to nothing', async () => {
    const { issuer } = system.system;
    const html = await (await fetch(`${issuer}/docs`)).text();
    const files = [...html.matchAll(/(?:href|src)="(\/docs\/(?:swagger-ui|assets)\/[^"]+)"/g)].map(
      ([, path = '']) => path,
    );
    expect(files).toHaveLength(5);
    for (const path of files) {
      const answer = await fetch(`${issuer}${path}`);
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([
        200,
        'public, max-age=31536000, immutable',
      ]);
      expect(answer.headers.get('content-type')).toMatch(path.endsWith('.css') ? /^text\/css/ : /^text\/javascript/);
      expect((await answer.text()).length).toBeGreaterThan(100);
      expect((await fetch(`${issuer}${path}`, { method: 'HEAD' })).status).toBe(200);
    }
    const library = files.find((path) => path.includes('bundle')) ?? '';
    const strange = ['5.0.0/swagger-ui.css', 'x/package.json', '5.33.0/package.json', '5.33.0/..%2Fpg%2Fpackage.json'];
    for (const path of strange) {
      const { status } = await fetch(`${issuer}${library.replace(/[^/]+\/[^/]+$/, path)}`);
      expect([path, status]).toEqual([path, 404]);
    }
  });
});
