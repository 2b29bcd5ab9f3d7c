import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import jsQR from 'jsqr';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { launchBrowser } from '../support/browser/browser.ts';
import { linger } from '../support/browser/payer-pages.ts';
import { anna, callback, payment, TestSystem } from '../support/system/system.ts';

const output = join(import.meta.dirname, '../../test-output/payer-pages');
const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  userAgent: 'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/147.0.0.0 Mobile Safari/537.36',
  locale: 'sv-SE',
};
const desktop: BrowserContextOptions = { viewport: { width: 1200, height: 900 }, locale: 'en-GB' };

describe('a payer with a real browser', () => {
  let system: TestSystem;
  let chromium: Browser;
  const contexts: BrowserContext[] = [];
  /** Whatever a browser complained about: a refused script or style, an exception, a failed load. */
  const complaints: string[] = [];
  const arrivals = new Map<Page, string>();

  beforeAll(async () => {
    mkdirSync(output, { recursive: true });
    system = await TestSystem.start();
    chromium = await launchBrowser();
  }, 60_000);

  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
  });

  afterAll(async () => {
    await chromium.close();
    await system.stop();
  });

  /** A browser of its own, in which a link to the BankID app leads nowhere. */
  async function newBrowser(options: BrowserContextOptions): Promise<Page> {
    const context = await chromium.newContext(options);
    contexts.push(context);
    await context.route(
      (url) => url.searchParams.has('autostarttoken'),
      (route) => route.fulfill({ status: 204 }),
    );
    const page = await context.newPage();
    // Nobody listens at the shop's address: that the browser went there, and with what, is all there is to know.
    page.on('request', (request) => {
      if (request.url().startsWith(callback)) arrivals.set(page, request.url());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      // What the service refuses on purpose (a QR frame between two orders, a foreign form) is an answer and no fault.
      const isFault = message.type() === 'error' && !/status of 40[34]/.test(message.text());
      if (isFault) complaints.push(message.text());
    });
    return page;
  }

  const view = (page: Page, name: string) => page.waitForSelector(`main[data-view="${name}"]`, { timeout: 15_000 });
  const press = (page: Page, path: string) => page.click(`form[action$="${path}"] button`);
  const shoot = (page: Page, name: string) => page.screenshot({ path: join(output, `${name}.png`), fullPage: true });
  const pathOf = (page: Page) => new URL(page.url()).pathname;

  /** For the signer of each: BankID lets a named person have one order at a time. */
  const push = () => system.push(payment, {});

  /** What a phone's camera reads from the screen, as soon as it reads anything. */
  async function readQr(page: Page): Promise<string> {
    for (;;) {
      const png = PNG.sync.read(await page.locator('.qr-frame').screenshot());
      const read = jsQR.default(new Uint8ClampedArray(png.data), png.width, png.height)?.data;
      if (read !== undefined) return read;
      await page.waitForResponse((response) => response.url().includes('/qr'));
    }
  }

  async function comesBackToShop(page: Page): Promise<URL> {
    const isShop = (url: string): boolean => url.startsWith(callback);
    const seen = arrivals.get(page);
    const url = seen ?? (await page.waitForRequest((request) => isShop(request.url()), { timeout: 15_000 })).url();
    return new URL(url);
  }

  it('scans the moving QR code with another device, signs, and comes back with a code that works', async () => {
    const pushed = await system.push();
    const page = await newBrowser(desktop);
    await page.goto(pushed.authorizationUrl.href);
    await view(page, 'payment');
    expect(await page.textContent('main')).toContain('Exempelbutiken AB');
    expect(await page.textContent('.amount dd')).toMatch(/1,250.00\sSEK/);
    await shoot(page, 'payment-en');
    await press(page, '/start/other');
    await view(page, 'qr');
    const first = await readQr(page);
    const frame = () => page.waitForResponse((response) => response.url().includes('/qr'));
    await frame();
    await frame();
    expect(await readQr(page)).not.toBe(first);
    await shoot(page, 'qr-en');
    const order = await system.app.scan(await readQr(page));
    await view(page, 'wait');
    await shoot(page, 'wait-en');
    await system.app.sign(order.id, { personalNumber: anna });
    const returned = await comesBackToShop(page);
    const token = await system.tpp.redeem(returned, pushed);
    expect(token.consentId).not.toBe('');
  }, 60_000);

  it('opens BankID on a phone by pressing a link, and the page goes on when the app brings them back', async () => {
    const pushed = await push();
    const page = await newBrowser(phone);
    await page.goto(pushed.authorizationUrl.href);
    await view(page, 'payment');
    await shoot(page, 'payment-sv-phone');
    await press(page, '/start/this');
    const link = await (await view(page, 'launch')).waitForSelector('a[data-launch]');
    await shoot(page, 'launch-sv-phone');
    expect(await link.getAttribute('referrerpolicy')).toBe('origin');
    const href = (await link.getAttribute('href')) ?? '';
    expect(href).toContain(`${system.system.simulator.appUrl}?autostarttoken=`);
    await link.click();
    const order = await system.app.open(new URL(href).searchParams.get('autostarttoken') ?? '');
    await view(page, 'wait');
    const leave = await linger(page);
    const signed = await system.app.sign(order.id, { personalNumber: anna });
    const back = await page.context().request.get(signed.returnUrl ?? '');
    expect(new URL(back.url()).pathname).toBe(pathOf(page));
    await view(page, 'authorised');
    await shoot(page, 'authorised-sv-phone');
    await leave();
    expect((await comesBackToShop(page)).searchParams.get('code')).toMatch(/./);
  }, 60_000);

  it('finishes although the way back lost its parameters', async () => {
    const pushed = await push();
    const page = await newBrowser(phone);
    await page.goto(pushed.authorizationUrl.href);
    await press(page, '/start/this');
    const href = (await page.getAttribute('a[data-launch]', 'href')) ?? '';
    const order = await system.app.open(new URL(href).searchParams.get('autostarttoken') ?? '');
    await system.app.sign(order.id, { personalNumber: anna });
    const back = await page.context().request.get(`${system.system.issuer}${pathOf(page)}/back`);
    expect(new URL(back.url()).pathname).not.toContain('/back');
    expect((await comesBackToShop(page)).searchParams.get('code')).toMatch(/./);
  }, 60_000);

  it('needs no script: the page loads itself again until it is done', async () => {
    const pushed = await push();
    const page = await newBrowser({ ...desktop, javaScriptEnabled: false });
    await page.goto(pushed.authorizationUrl.href);
    await press(page, '/start/other');
    await view(page, 'qr');
    const order = await system.app.scan(await readQr(page));
    await system.app.sign(order.id, { personalNumber: anna });
    await view(page, 'authorised');
    await page.click('a[data-continue]');
    expect((await comesBackToShop(page)).searchParams.get('code')).toMatch(/./);
  }, 60_000);

  it('cancels in the app, reads why nothing happened, and may try again', async () => {
    const pushed = await push();
    const page = await newBrowser(desktop);
    await page.goto(pushed.authorizationUrl.href);
    await press(page, '/start/other');
    await view(page, 'qr');
    const order = await system.app.scan(await readQr(page));
    await system.app.cancel(order.id);
    await view(page, 'try-again');
    expect(await page.getAttribute('[data-rfa]', 'data-rfa')).toBe('RFA6');
    await page.waitForSelector('main[data-version="try-again.4"]', { timeout: 15_000 });
    await shoot(page, 'try-again-en');
    await press(page, '/start/other');
    await view(page, 'qr');
    await press(page, '/cancel');
    await view(page, 'cancelled');
    expect(await page.textContent('main')).toContain('Nothing has been signed');
    await shoot(page, 'cancelled-en');
  }, 60_000);

  it('declines, and the TPP learns no more than that', async () => {
    const pushed = await push();
    const page = await newBrowser(phone);
    await page.goto(pushed.authorizationUrl.href);
    await page.click('.decline summary');
    const leave = await linger(page);
    await press(page, '/decline');
    await view(page, 'declined');
    await shoot(page, 'declined-sv-phone');
    await leave();
    const { searchParams } = await comesBackToShop(page);
    expect(searchParams.get('error')).toBe('access_denied');
    expect(searchParams.get('error_description')).toBe('declined');
    expect(searchParams.get('state')).toBe(pushed.state);
  }, 60_000);

  it('reads the page in the language they choose, and it stays chosen', async () => {
    const pushed = await push();
    const page = await newBrowser(phone);
    await page.goto(pushed.authorizationUrl.href);
    expect(await page.getAttribute('html', 'lang')).toBe('sv');
    await page.click('a.language');
    expect(await page.getAttribute('html', 'lang')).toBe('en');
    await press(page, '/start/other');
    await view(page, 'qr');
    expect(await page.getAttribute('html', 'lang')).toBe('en');
  }, 60_000);

  it('is alone with the payment: another browser sees, polls, scans, cancels and returns nothing', async () => {
    const pushed = await push();
    const page = await newBrowser(desktop);
    // A link preview was here first, twice: it changes nothing.
    const previews = await Promise.all([1, 2].map(() => fetch(pushed.authorizationUrl)));
    expect(previews.map(({ status }) => status)).toEqual([200, 200]);
    await page.goto(pushed.authorizationUrl.href);
    await press(page, '/start/other');
    await view(page, 'qr');
    const address = `${system.system.issuer}${pathOf(page)}`;
    for (const path of ['', '/status', '/qr', '/back?nonce=x']) {
      const answer = await fetch(`${address}${path}`, { redirect: 'manual' });
      expect([path, answer.status]).toEqual([path, 404]);
      expect(await answer.text()).not.toContain('Exempelbutiken');
    }
    for (const path of ['/start/this', '/start/other', '/cancel', '/decline']) {
      const headers = { origin: system.system.issuer };
      const answer = await fetch(`${address}${path}`, { method: 'POST', headers, redirect: 'manual' });
      expect([path, answer.status, answer.headers.getSetCookie()]).toEqual([path, 404, []]);
    }
    const other = await newBrowser(phone);
    await other.goto(address);
    await view(other, 'notBound');
    await shoot(other, 'not-bound-sv-phone');
    await page.reload();
    await view(page, 'qr');
  }, 60_000);

  it('cannot be made to press a button by another site', async () => {
    const pushed = await push();
    const page = await newBrowser(desktop);
    await page.goto(pushed.authorizationUrl.href);
    const address = page.url();
    const before = await page.context().cookies();
    await page.route('http://127.0.0.1:1/**', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<form method=post action="${address}/decline"><button>x</button>`,
      }),
    );
    await page.goto('http://127.0.0.1:1/');
    await page.click('button');
    await view(page, 'crossSite');
    expect(await page.context().cookies()).toEqual(before);
    await page.goto(address);
    await view(page, 'payment');
  }, 60_000);

  it('is sent pages with a strict policy, never to be stored or framed', async () => {
    const answer = await fetch((await push()).authorizationUrl);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(policy).not.toMatch(/unsafe-|\*/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('referrer-policy')).toBe('same-origin');
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^sigill=[\w-]{43}; Max-Age=7200; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
    const style = /href="(\/pay\/assets\/payer-[^"]+\.css)"/.exec(await answer.text())?.[1] ?? '';
    const asset = await fetch(new URL(style, system.system.issuer));
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  it('had no browser complain about anything on any page', () => {
    expect(complaints).toEqual([]);
  });
});
