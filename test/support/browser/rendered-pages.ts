import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page, Route } from 'playwright-core';
import type { Branding } from '../../../src/design/brand.ts';
import { commonAssets } from '../../../src/design/common-files.ts';
import type { Html } from '../../../src/kernel/web/html.ts';
import { stylesheet as developerStyle } from '../../../src/openapi/pages/page.ts';
import { assets } from '../../../src/payer/assets/assets.ts';
import { formPolicy } from '../../../src/http/security-headers.ts';
import { assets as verifierAssets } from '../../../src/uploads/page/verify-page.ts';

const ORIGIN = 'http://sigill.test';

/** Pages in a real browser, under the policy that they are sent with, and without a service: any page can be looked at in any state. */
export class RenderedPages {
  /** Whatever a browser complained about: a refused style or script, an exception, a file that is not there. */
  readonly complaints: string[] = [];
  readonly #shown = new WeakMap<Page, Html>();

  constructor(
    private readonly chromium: Browser,
    private readonly branding: Branding,
  ) {}

  /** A window of this kind. */
  async window(options: BrowserContextOptions): Promise<Page> {
    const context = await this.chromium.newContext(options);
    const page = await context.newPage();
    await page.route('**', (route) => this.#answer(route, this.#shown.get(page)));
    page.on('pageerror', ({ message }) => this.complaints.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    return page;
  }

  /** Loads this page in the window, with all its files. */
  async show(page: Page, markup: Html): Promise<void> {
    this.#shown.set(page, markup);
    await page.goto(`${ORIGIN}/page`);
  }

  #answer(route: Route, markup: Html | undefined): Promise<void> | undefined {
    const path = new URL(route.request().url()).pathname;
    if (path === '/page') {
      const headers = { 'content-security-policy': formPolicy };
      return route.fulfill({ contentType: 'text/html; charset=utf-8', headers, body: staying(markup) });
    }
    const file = path.slice(path.lastIndexOf('/') + 1);
    if (file === 'sigill.css') return route.fulfill({ contentType: 'text/css', body: developerStyle });
    const asset =
      assets.find(file) ?? commonAssets.find(file) ?? verifierAssets.find(file) ?? this.branding.findAsset(file);
    if (asset) return route.fulfill({ contentType: asset.contentType, body: asset.body });
    if (path.endsWith('/qr')) return route.fulfill({ contentType: 'image/svg+xml', body: QR });
    // What a page asks while it is looked at gets no answer: it stays as it is.
    return undefined;
  }
}

/** The page without the mark by which its script leaves for the TPP at once, and not loaded again while it is measured. */
function staying(markup: Html | undefined): string {
  return String(markup)
    .replace(' data-continue', '')
    .replace(/<meta http-equiv="refresh"[^>]*>/, '');
}

const QR = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M1 1h3v3H1z"/></svg>';

/** Brings whatever moves on the page to its end: only what is at rest can be judged. */
export function settle(page: Page): Promise<unknown> {
  return page.evaluate(
    'Promise.all(document.getAnimations().map((a) => { try { a.finish(); } catch { a.cancel(); } }))',
  );
}

/** What a person cannot read or use on this page, by the rules of WCAG 2.2 AA that a program can check. */
export async function findBarriers(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe.source);
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const found: unknown = await page.evaluate(
    `axe.run(document, { runOnly: ${JSON.stringify(tags)} })
       .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target, any }) =>
         id + ' ' + target.join(' ') + ' ' + any.map(({ message }) => message).join('; '))))`,
  );
  return found as readonly string[];
}

/** How the page lies in the window. */
export interface Layout {
  /** By how many pixels something is wider than the window. */
  readonly overflow: number;
  /** Amounts and account numbers that are split where they must not be, by their text. */
  readonly split: readonly string[];
  /** Names and numbers that are not shown whole. */
  readonly cut: readonly string[];
  /** Buttons, links and summaries that are smaller than 24 pixels a side. */
  readonly small: readonly string[];
  /** What of the page is outside all landmarks. */
  readonly homeless: readonly string[];
}

/** Measures the page as it is shown. */
export async function measure(page: Page): Promise<Layout> {
  return page.evaluate<Layout>(MEASURE);
}

/** Runs in the page. A text is on as many lines as its boxes have different tops. */
const MEASURE = `(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const linesOf = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
  };
  const isSplitInGroup = (node) => {
    const text = node.firstChild;
    if (!text || text.nodeType !== 3) return true;
    return [...text.data.matchAll(/\\S+/g)].some(({ 0: group, index }) => {
      const range = document.createRange();
      range.setStart(text, index);
      range.setEnd(text, index + group.length);
      return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1;
    });
  };
  const text = (node) => node.textContent.trim();
  const width = document.documentElement.clientWidth;
  const isOutside = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()].some(({ left, right }) => left < -0.5 || right > width + 0.5);
  };
  const isSmall = (node) => {
    const { width, height } = node.getBoundingClientRect();
    return width > 0 && (width < 24 || height < 24);
  };
  return {
    overflow: document.documentElement.scrollWidth - width,
    split: [...all('.amount dd, .unbroken').filter((node) => linesOf(node) > 1), ...all('.groups').filter(isSplitInGroup)].map(text),
    cut: all('dd, dt, h1, p, button, .button, .bank').filter(isOutside).map(text),
    small: all('button, .button, summary, .language').filter(isSmall).map(text),
    homeless: all('body > *').filter((node) => !node.matches('header, main, footer, .skip')).map(text),
  };
})()`;

/** Which of these are wholly inside the window before anything is scrolled. */
export async function findHidden(page: Page, selectors: readonly string[]): Promise<readonly string[]> {
  const { height = 0 } = page.viewportSize() ?? {};
  const boxes = await Promise.all(selectors.map((selector) => page.locator(selector).first().boundingBox()));
  return selectors.filter((_, index) => {
    const box = boxes[index];
    return !box || box.y < 0 || box.y + box.height > height;
  });
}
