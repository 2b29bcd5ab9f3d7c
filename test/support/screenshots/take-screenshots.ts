import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser } from '../browser/browser.ts';
import { indexedPng } from './indexed-png.ts';

const schemes = ['light', 'dark'] as const;
const PHONE = { width: 390, height: 844 };
const SHEET = { width: 760, height: 920 };
/** Pixels of the screen for each of the page. */
const DENSITY = 1.5;

/** What README shows: by name, how large a picture is in pixels. */
export const pictures: Readonly<Record<string, { readonly width: number; readonly height: number }>> =
  Object.fromEntries(
    schemes.flatMap((scheme) =>
      (['payer', 'qr', 'app', 'report'] as const).map((name) => {
        const { width, height } = name === 'report' ? SHEET : PHONE;
        return [`${name}-${scheme}.png`, { width: width * DENSITY, height: height * DENSITY }];
      }),
    ),
  );

/** Makes one payment in the running sandbox for each colour scheme, and takes pictures on the way. */
export async function takeScreenshots(firstPage: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const browser = await launchBrowser();
  try {
    for (const colorScheme of schemes) {
      await takeOne(
        browser,
        firstPage,
        { colorScheme, locale: 'en-GB', deviceScaleFactor: DENSITY },
        async (page, name) => {
          writeFileSync(join(folder, `${name}-${colorScheme}.png`), indexedPng(await page.screenshot()));
        },
      );
    }
  } finally {
    await browser.close();
  }
}

async function takeOne(
  browser: Browser,
  firstPage: string,
  options: BrowserContextOptions,
  keep: (page: Page, name: string) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ ...options, viewport: PHONE });
  const page = await context.newPage();
  await page.goto(firstPage);
  const appUrl = (await page.getAttribute('main .note a', 'href')) ?? '';
  await page.goto(new URL('/shop', firstPage).href);
  await page.click('form[action="/pay"] button');
  await page.waitForLoadState('networkidle');
  await keep(page, 'payer');
  await page.click('form[action$="/start/other"] button');
  await page.waitForSelector('.qr-frame');
  await page.waitForLoadState('load');
  await keep(page, 'qr');

  const app = await (await browser.newContext({ ...options, viewport: PHONE })).newPage();
  await app.goto(await scanned(appUrl));
  await keep(app, 'app');
  await app.click('form[action$="/sign"] button');
  await page.waitForURL((url) => url.pathname.startsWith('/payments/'));
  await page.setViewportSize(SHEET);
  await page.click('a[href$="/report"]');
  await keep(page, 'report');
  await app.context().close();
  await context.close();
}

/** The page of the pretend app on which the newest order is, once its QR code was scanned. */
async function scanned(appUrl: string): Promise<string> {
  const listed = await fetch(new URL('api/orders', appUrl));
  const { orders } = (await listed.json()) as { readonly orders: readonly { readonly id: string }[] };
  const id = orders[0]?.id ?? '';
  await fetch(new URL(`api/orders/${id}/scan`, appUrl), { method: 'POST' });
  return new URL(`orders/${id}`, appUrl).href;
}
