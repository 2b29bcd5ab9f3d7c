import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser } from '../../support/browser/browser.ts';
import { payment, TestSystem } from '../../support/system/system.ts';

const KILOBYTE = 1000;

let system: TestSystem;
let chromium: Browser;
beforeAll(async () => {
  system = await TestSystem.start();
  chromium = await launchBrowser();
}, 60_000);
afterEach(() => Promise.all(chromium.contexts().map((context) => context.close())));
afterAll(async () => {
  await chromium.close();
  await system.stop();
});

/** The first page of a payment at this bank, and what was loaded for it. */
async function open(resource: string | undefined, options: BrowserContextOptions = {}) {
  const pushed = await system.push(payment, resource === undefined ? {} : { resource });
  const page = await (await chromium.newContext({ locale: 'sv-SE', ...options })).newPage();
  const sizes = new Map<string, number>();
  page.on('response', (response) => {
    const path = new URL(response.url()).pathname;
    if (response.status() === 200) void response.body().then((body) => sizes.set(path, body.length));
  });
  await page.goto(pushed.authorizationUrl.href, { waitUntil: 'networkidle' });
  return { page, sizes };
}

const approveOf = (page: Page): Promise<string> =>
  page.evaluate<string>("getComputedStyle(document.querySelector('.primary')).backgroundColor");

describe('a payer at their own bank', () => {
  it.each(['light', 'dark'] as const)(
    'sees its name, logo and colour, in %s pages',
    async (colorScheme) => {
      const { bank, otherBank } = system.system.clients;
      const seen = [];
      for (const { resource } of [bank, otherBank]) {
        const { page } = await open(resource, { colorScheme });
        const logo = page.locator('img.logo');
        expect(await page.evaluate<number>("document.querySelector('img.logo').naturalWidth")).toBe(96);
        seen.push([await page.textContent('.bank'), await logo.getAttribute('src'), await approveOf(page)]);
        expect(await page.textContent('header')).toContain('via Sigill');
      }
      const [first = [], second = []] = seen;
      expect([first[0], second[0]]).toEqual(['Exempelbanken', 'Provbanken']);
      expect(first[1]).not.toBe(second[1]);
      expect(first[2]).not.toBe(second[2]);
    },
    60_000,
  );

  it('finds the way to its privacy notice and its customer service', async () => {
    const { page } = await open(undefined);
    const links = await page.evaluate<string[]>("[...document.querySelectorAll('footer a')].map((link) => link.href)");
    expect(links).toEqual([
      'https://www.exempelbanken.example/personuppgifter',
      'https://www.exempelbanken.example/kundtjanst',
    ]);
  }, 60_000);

  it('waits for less than 40 kB until the first page stands, logo apart', async () => {
    const { page, sizes } = await open(undefined);
    // A headless browser does not load the icon of its tab.
    const seal = new URL((await page.getAttribute('link[rel="icon"]', 'href')) ?? '', page.url());
    sizes.set(seal.pathname, (await (await fetch(seal)).arrayBuffer()).byteLength);
    const loaded = [...sizes].filter(([path]) => !path.endsWith('.png'));
    const named = loaded.map(([path]) => path.replace(/-[\w-]{16}\./, '.').replace(/\/[\w-]{22}$/, ''));
    const files = [
      '/assets/brand.css',
      '/pay',
      '/pay/assets/payer.css',
      '/pay/assets/payer.js',
      '/pay/assets/seal.svg',
    ];
    expect(named.toSorted()).toEqual(files);
    const bytes = loaded.reduce((sum, [, size]) => sum + size, 0);
    expect(bytes).toBeLessThan(40 * KILOBYTE);
  }, 60_000);

  it('approves and declines by the keyboard alone', async () => {
    const { page } = await open(undefined);
    for (let step = 0; step < 4; step += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForSelector('main[data-view="launch"], main[data-view="qr"]');
    const other = (await open(undefined, { javaScriptEnabled: false })).page;
    for (let step = 0; step < 5; step += 1) await other.keyboard.press('Tab');
    await other.keyboard.press('Enter');
    await other.keyboard.press('Tab');
    await other.keyboard.press('Enter');
    await other.waitForSelector('main[data-view="declined"]');
  }, 60_000);

  it('gets the logo and the colours under addresses that never change their content', async () => {
    const { sizes } = await open(undefined);
    for (const path of [...sizes.keys()].filter((name) => name.startsWith('/assets/'))) {
      const answer = await fetch(new URL(path, system.system.issuer));
      expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(answer.headers.get('content-type')).toMatch(/^(?:image\/png|text\/css)/);
    }
  }, 60_000);
});
