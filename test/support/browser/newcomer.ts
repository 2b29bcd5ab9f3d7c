import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { freePort } from '../../../sandbox/free-port.ts';
import { startSite } from '../../../sandbox/site.ts';
import { identityOrigin, openSite } from '../../../sandbox/site/open-site.ts';
import { quick, TestSystem } from '../system/system.ts';
import { launchBrowser } from './browser.ts';

/** The sandbox's pages in front of a whole system, as `npm start` has them, and a real browser. */
export class Newcomer {
  readonly system: TestSystem;
  /** The first page. */
  readonly url: string;
  /** What a browser complained about: a refused script or style, an exception, a failed load. */
  readonly complaints: string[] = [];
  readonly #browser: Browser;
  readonly #contexts: BrowserContext[] = [];
  readonly #closeSite: () => void;

  private constructor(system: TestSystem, url: string, browser: Browser, closeSite: () => void) {
    this.system = system;
    this.url = url;
    this.#browser = browser;
    this.#closeSite = closeSite;
  }

  static async start(): Promise<Newcomer> {
    const port = await freePort();
    const url = `http://localhost:${port}`;
    const redirectUri = `${url}/callback`;
    const system = await TestSystem.start({ timings: quick, redirectUri, identityOrigin: identityOrigin(url) });
    const { tpp, rp, ...others } = system.system.clients;
    const clients = { ...others, tpp: { ...tpp, redirectUri }, rp: { ...rp, redirectUri } };
    const { folder } = system;
    const site = await openSite({
      system: { ...system.system, clients },
      folder,
      url,
      reach: (target, options) => fetch(target, options as RequestInit),
    });
    const server = await startSite(port, site);
    return new Newcomer(system, url, await launchBrowser(), () => {
      server.close();
      server.closeAllConnections();
    });
  }

  async open(path: string, options: BrowserContextOptions): Promise<Page> {
    const context = await this.#browser.newContext(options);
    this.#contexts.push(context);
    const page = await context.newPage();
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      // A form that was refused on purpose is an answer and no fault.
      if (message.type() === 'error' && !message.text().includes('status of 400'))
        this.complaints.push(`${page.url()}: ${message.text()}`);
    });
    await page.goto(`${this.url}${path}`);
    return page;
  }

  /** Presses the button of a form of the site, signs in the pretend app, and comes back to the site. */
  async signFrom(page: Page, form: string): Promise<void> {
    await page.click(`${form} button`);
    await this.sign(page);
  }

  /** On the payer's page: opens BankID on this device, signs, and comes back to the site. */
  async sign(page: Page): Promise<void> {
    await page.click('form[action$="/start/this"] button');
    const link = (await page.getAttribute('a[href*="autostarttoken="]', 'href')) ?? '';
    // The payer's page loads itself again when its order has begun, which may overtake the link or end its loading.
    const { origin } = new URL(link);
    for (let tries = 0; tries < 3 && new URL(page.url()).origin !== origin; tries += 1)
      await page.goto(link).catch(ignoreAborted);
    await page.click('form[action$="/sign"] button');
    await page.click(`a[href^="${this.system.system.issuer}"]`);
    await page.waitForURL((url) => url.origin === this.url, { timeout: 30_000 });
  }

  /** Presses a link or a button that gives a file; returns where the file is. */
  async download(page: Page, selector: string): Promise<string> {
    const [file] = await Promise.all([page.waitForEvent('download'), page.click(selector)]);
    const path = join(mkdtempSync(join(tmpdir(), 'sigill-download-')), file.suggestedFilename());
    await file.saveAs(path);
    return path;
  }

  async closePages(): Promise<void> {
    await Promise.all(this.#contexts.splice(0).map((context) => context.close()));
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    this.#closeSite();
    await this.system.stop();
  }
}

function ignoreAborted(error: unknown): void {
  if (!String(error).includes('ERR_ABORTED')) throw error;
}
