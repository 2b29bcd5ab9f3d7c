import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser } from '../../support/browser/browser.ts';
import { linger } from '../../support/browser/payer-pages.ts';
import { WebLoginSteps } from '../../support/login/web-login-steps.ts';
import { anna, callback } from '../../support/parties/payment.ts';

const output = join(import.meta.dirname, '../../../test-output/payer-pages');
const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  userAgent: 'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/147.0.0.0 Mobile Safari/537.36',
  locale: 'sv-SE',
};
const desktop: BrowserContextOptions = { viewport: { width: 1280, height: 800 }, locale: 'en-GB' };

let steps: WebLoginSteps;
let chromium: Browser;
const complaints: string[] = [];

beforeAll(async () => {
  mkdirSync(output, { recursive: true });
  steps = await WebLoginSteps.start();
  chromium = await launchBrowser();
}, 60_000);
afterAll(async () => {
  await chromium.close();
  await steps.stop();
});

/** A browser of its own, in which a link to the BankID app leads nowhere, and nobody is at the client's address. */
async function open(url: URL, options: BrowserContextOptions): Promise<Page> {
  const context = await chromium.newContext(options);
  await context.route(
    ({ href, searchParams }) => searchParams.has('autostarttoken') || href.startsWith(callback),
    (route) => route.fulfill({ status: 204 }),
  );
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 40[34]/.test(message.text())) complaints.push(message.text());
  });
  await page.goto(url.href);
  return page;
}

const view = (page: Page, name: string) => page.waitForSelector(`main[data-view="${name}"]`, { timeout: 15_000 });
const press = (page: Page, path: string) => page.click(`form[action$="${path}"] button`);
const shoot = (page: Page, name: string) =>
  page.screenshot({ path: join(output, `${name}.png`), fullPage: true }).then(() => undefined);
const comesBack = async (page: Page): Promise<URL> =>
  new URL((await page.waitForRequest((request) => request.url().startsWith(callback), { timeout: 15_000 })).url());

describe('a person who logs in with a real browser', () => {
  it('reads to whom they log in and what that client will be told, scans, and comes back logged in', async () => {
    const pushed = await steps.rp.push();
    const page = await open(pushed.authorizationUrl, desktop);
    await view(page, 'login');
    expect(await page.textContent('main')).toMatch(
      /Exempelbutiken AB[\s\S]*your name and date of birth, your personal number/,
    );
    await shoot(page, 'login-en');
    await press(page, '/start/other');
    await view(page, 'qr');
    await shoot(page, 'login-qr-en');
    const [newest] = await steps.world.app.listOrders();
    const order = await steps.world.app.scanScreen(newest?.id ?? '');
    await view(page, 'wait');
    await shoot(page, 'login-wait-en');
    const returned = comesBack(page);
    await steps.world.app.sign(order.id, { personalNumber: anna });
    expect((await steps.rp.redeem(await returned, pushed)).idToken.nonce).toBe(pushed.nonce);
  }, 60_000);

  it('opens BankID on a phone by pressing a link, and the page goes on when the app brings them back', async () => {
    const pushed = await steps.rp.push();
    const page = await open(pushed.authorizationUrl, phone);
    await view(page, 'login');
    await shoot(page, 'login-sv-phone');
    await press(page, '/start/this');
    const link = await (await view(page, 'launch')).waitForSelector('a[data-launch]');
    await shoot(page, 'login-launch-sv-phone');
    const href = (await link.getAttribute('href')) ?? '';
    await link.click();
    const order = await steps.world.app.open(new URL(href).searchParams.get('autostarttoken') ?? '');
    await view(page, 'wait');
    const leave = await linger(page);
    const { returnUrl } = await steps.world.app.sign(order.id, { personalNumber: anna });
    const back = await page.context().request.get(returnUrl ?? '');
    expect(new URL(back.url()).pathname).toBe(new URL(page.url()).pathname);
    await view(page, 'authorised');
    await shoot(page, 'login-authorised-sv-phone');
    const returned = comesBack(page);
    await leave();
    expect((await returned).searchParams.get('code')).toMatch(/./);
  }, 60_000);

  it('declines, and the client learns no more than that', async () => {
    const pushed = await steps.rp.push();
    const page = await open(pushed.authorizationUrl, phone);
    await page.click('.decline summary');
    const leave = await linger(page);
    await press(page, '/decline');
    await view(page, 'declined');
    await shoot(page, 'login-declined-sv-phone');
    const returned = comesBack(page);
    await leave();
    expect(Object.fromEntries((await returned).searchParams)).toEqual({
      error: 'access_denied',
      error_description: 'declined',
      state: pushed.state,
      iss: steps.parties.rp.issuer,
    });
  }, 60_000);

  it('cancels in the app, reads that nothing has happened, and may try again', async () => {
    const pushed = await steps.rp.push();
    const page = await open(pushed.authorizationUrl, desktop);
    await press(page, '/start/other');
    await view(page, 'qr');
    const [newest] = await steps.world.app.listOrders();
    await steps.world.app.cancel((await steps.world.app.scanScreen(newest?.id ?? '')).id);
    await view(page, 'try-again');
    await shoot(page, 'login-try-again-en');
  }, 60_000);

  it('had no browser complain about anything on any page', () => {
    expect(complaints).toEqual([]);
  });
});
