import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { callback } from '../parties/payment.ts';
import type { TestSystem, TestSystemOptions } from '../system/system.ts';
import { WebLoginSteps } from '../login/web-login-steps.ts';
import { launchBrowser } from './browser.ts';

const VIEW_TIMEOUT_MS = 20_000;

export const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  userAgent: 'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/147.0.0.0 Mobile Safari/537.36',
  locale: 'sv-SE',
};
export const desktop: BrowserContextOptions = { viewport: { width: 1280, height: 800 }, locale: 'en-GB' };

/** What a person is asked on our pages. */
export type Purpose = 'payment' | 'login';

/** Our pages in a real browser, of payments and of logins. No link leads to a BankID app, and nothing is at the TPP's address. */
export class PayerPages {
  /** Whatever a browser complained about: a refused script or style, an exception, a failed load. */
  readonly complaints: string[] = [];

  private constructor(
    private readonly steps: WebLoginSteps,
    private readonly chromium: Browser,
    private readonly contexts: BrowserContext[] = [],
  ) {}

  static async start(options: TestSystemOptions = {}): Promise<PayerPages> {
    return new PayerPages(await WebLoginSteps.start(options), await launchBrowser());
  }

  async stop(): Promise<void> {
    await this.chromium.close();
    await this.steps.stop();
  }

  get world(): TestSystem {
    return this.steps.world;
  }

  /** Between two tests. */
  async closeBrowsers(): Promise<void> {
    await Promise.all(this.contexts.splice(0).map((context) => context.close()));
  }

  /** The first page of a payment or login, in a browser of its own. */
  async open(purpose: Purpose, options: BrowserContextOptions = desktop): Promise<Page> {
    const { authorizationUrl } = await (purpose === 'payment' ? this.steps.parties.tpp.push() : this.steps.push());
    const context = await this.chromium.newContext(options);
    this.contexts.push(context);
    await context.route(
      (url) => url.searchParams.has('autostarttoken'),
      (route) => route.fulfill({ status: 204 }),
    );
    const page = await context.newPage();
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      // What the service refuses on purpose (a QR frame between two orders) is an answer and no fault; nor is a missing app.
      const isFault = message.type() === 'error' && !/status of 40[34]|Failed to launch 'bankid:/.test(message.text());
      if (isFault) this.complaints.push(message.text());
    });
    await page.goto(authorizationUrl.href);
    return page;
  }

  /** The order that the page's link opens now, as the pretend app names it. */
  async openApp(page: Page): Promise<string> {
    const link = new URL((await page.getAttribute('a[data-launch]', 'href')) ?? '');
    return (await this.world.app.open(link.searchParams.get('autostarttoken') ?? '')).id;
  }
}

export const view = (page: Page, name: string): Promise<unknown> =>
  page.waitForSelector(`main[data-view="${name}"]`, { timeout: VIEW_TIMEOUT_MS });
export const press = (page: Page, path: string): Promise<void> => page.click(`form[action$="${path}"] button`);

/** Where the browser is sent back to, once it is. */
export async function comesBack(page: Page): Promise<URL> {
  const isBack = (request: { url: () => string }): boolean => request.url().startsWith(callback);
  return new URL((await page.waitForRequest(isBack, { timeout: VIEW_TIMEOUT_MS })).url());
}

/** Its tab is turned to again: the page looks at once, and not when it would have. */
export const lookAgain = (page: Page): Promise<unknown> =>
  page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);

/** Keeps the page from leaving for the TPP; what it returns lets it go by the button. */
export async function linger(page: Page): Promise<() => Promise<void>> {
  await page.route('**/return', (route) => route.fulfill({ status: 204 }));
  return async () => {
    await page.unroute('**/return');
    await page.click('#return');
  };
}
