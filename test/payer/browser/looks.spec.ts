import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { Branding } from '../../../src/design/brand.ts';
import { type Language, languages } from '../../../src/design/language.ts';
import type { Html } from '../../../src/kernel/web/html.ts';
import { authorisedPage, endedPage, otherBrowserPage, refusalPage } from '../../../src/payer/pages/ending-pages.ts';
import type { InteractionContext } from '../../../src/payer/pages/facts.ts';
import {
  cancelledPage,
  checkingPage,
  launchPage,
  pausedPage,
  qrPage,
  renewPage,
  startPage,
  tryAgainPage,
  unopenedPage,
  waitPage,
} from '../../../src/payer/pages/signing-pages.ts';
import { launchBrowser } from '../../support/browser/browser.ts';
import { askedLogin, askedPayment, type Names } from '../../support/browser/asked.ts';
import { findBarriers, findHidden, measure, RenderedPages, settle } from '../../support/browser/rendered-pages.ts';

const branding = new Branding(
  new Map([
    [
      'banken',
      {
        displayName: undefined,
        logo: PNG.sync.write(new PNG({ width: 96, height: 48 })),
        accent: { onLight: '#124f8f', onDark: '#8fc0f2' },
        privacyNotice: 'https://bank.example/personuppgifter',
        support: 'https://bank.example/hjalp',
      },
    ],
  ]),
);

const message = { code: 'RFA9', text: 'Skriv din säkerhetskod i BankID-appen och välj Skriv under.' };
const link = 'http://sigill.test/app?autostarttoken=a';

/** Every page that a payer or a person who logs in can see. */
const views: Readonly<Record<string, (context: InteractionContext) => Html>> = {
  start: startPage,
  'start, soon too late': (context) => startPage({ ...context, secondsLeft: 30 }),
  qr: (context) => qrPage(context, 180),
  launch: (context) => launchPage(context, link, message),
  preparing: (context) => launchPage(context, undefined, message),
  wait: (context) => waitPage(context, message),
  checking: checkingPage,
  'try again': (context) => tryAgainPage(context, message, 3),
  renew: renewPage,
  cancelled: cancelledPage,
  unopened: unopenedPage,
  paused: (context) => pausedPage(context, { waitSeconds: 5400, outlastsRequest: true }),
  authorised: authorisedPage,
  declined: (context) => endedPage(context, 'declined'),
  expired: (context) => endedPage(context, 'expired'),
  risk: (context) => endedPage(context, 'risk'),
  policy: (context) => endedPage(context, 'policy'),
  done: (context) => endedPage(context, 'done'),
  'another browser': otherBrowserPage,
  'not bound': (context) => refusalPage(context, 'notBound'),
  'BankID away': (context) => refusalPage(context, 'bankidUnavailable', { message }),
};
const asks = [
  ['a payment', (language: Language) => askedPayment(language, branding)],
  ['a login', (language: Language) => askedLogin(language)],
] as const;

const desktop = { viewport: { width: 1280, height: 800 } };
const phone = { viewport: { width: 390, height: 844 } };
const narrow = { viewport: { width: 320, height: 640 } };
type Scheme = 'light' | 'dark';
const browsers: readonly (readonly [string, BrowserContextOptions, readonly Scheme[]])[] = [
  ['a browser, light and dark', {}, ['light', 'dark']],
  ['a browser without scripts', { javaScriptEnabled: false }, ['light']],
];
const sizes = [desktop, phone, narrow].map(({ viewport }) => viewport);

let chromium: Browser;
let pages: RenderedPages;
beforeAll(async () => {
  chromium = await launchBrowser();
  pages = new RenderedPages(chromium, branding);
}, 60_000);
afterEach(() => Promise.all(chromium.contexts().map((context) => context.close())));
afterAll(async () => {
  await chromium.close();
  expect(pages.complaints).toEqual([]);
});

const readable = { overflow: 0, split: [], cut: [], small: [], homeless: [] };
const startButtons = ['#start-this', '#start-other', '.decline summary', '.short-warning', '.amount dd'];
const colourOf = (page: Page, selector: string): Promise<string> =>
  page.evaluate<string>(`getComputedStyle(document.querySelector(${JSON.stringify(selector)})).backgroundColor`);

describe.each(browsers)('every page in %s', (_, options, schemes) => {
  it.each(asks)(
    'shows %s whole, in both languages, on a desktop, a phone and 320 pixels: nothing is split, cut or outside a landmark',
    async (_name, ask) => {
      const page = await pages.window(options);
      for (const language of languages) {
        const context = ask(language);
        for (const [name, render] of Object.entries(views)) {
          await pages.show(page, render(context));
          for (const colorScheme of schemes) {
            await page.emulateMedia({ colorScheme });
            for (const size of sizes) {
              await page.setViewportSize(size);
              const seen = [name, language, colorScheme, size];
              expect([...seen, await measure(page)]).toEqual([...seen, readable]);
            }
          }
        }
      }
    },
    120_000,
  );
});

describe('every page in the windows of a phone and of a dark desktop', () => {
  it.each(asks)(
    'has no barrier that axe finds, of %s',
    async (_name, ask) => {
      const page = await pages.window(phone);
      for (const [name, render] of Object.entries(views)) {
        await pages.show(page, render(ask('sv')));
        for (const [colorScheme, { viewport }] of [['light', phone] as const, ['dark', desktop] as const]) {
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize(viewport);
          await settle(page);
          expect([name, colorScheme, await findBarriers(page)]).toEqual([name, colorScheme, []]);
        }
        await page.setViewportSize(phone.viewport);
      }
    },
    120_000,
  );
});

describe('the first page', () => {
  it.each([
    ['a desktop', desktop],
    ['a phone', phone],
    ['a dark phone', { ...phone, colorScheme: 'dark' }],
    ['a phone without scripts', { ...phone, javaScriptEnabled: false }],
  ] as const)(
    'has both ways to approve, the way to decline, the warning and the amount on the first screen of %s',
    async (_, options) => {
      const page = await pages.window(options);
      for (const language of languages) {
        await pages.show(page, startPage(askedPayment(language, branding)));
        expect(await findHidden(page, [...startButtons, '.bank', '.payee dd'])).toEqual([]);
        await pages.show(page, startPage(askedLogin(language)));
        expect(await findHidden(page, startButtons.slice(0, 4))).toEqual([]);
        await pages.show(page, startPage({ ...askedPayment(language, branding), secondsLeft: 30 }));
        expect(await findHidden(page, [...startButtons, '.soon'])).toEqual([]);
      }
    },
    60_000,
  );

  it.each([desktop, { ...desktop, colorScheme: 'dark' } as const])(
    'never gives approve and decline one colour (%j)',
    async (options) => {
      const page = await pages.window(options);
      for (const ask of [askedPayment('sv', branding), askedPayment('sv', new Branding(new Map())), askedLogin('sv')]) {
        await pages.show(page, startPage({ ...ask, prefersThisDevice: true }));
        await page.click('.decline summary');
        const [approve, decline] = [await colourOf(page, '#start-this'), await colourOf(page, '#decline')];
        expect([approve, decline]).not.toContain('');
        expect(approve).not.toBe(decline);
      }
    },
    60_000,
  );

  it('leads by the keyboard alone past the top, to both ways to approve, and to decline', async () => {
    const page = await pages.window(desktop);
    await pages.show(page, startPage(askedPayment('sv', branding)));
    const reached: string[] = [];
    for (let step = 0; step < 5; step += 1) {
      await page.keyboard.press('Tab');
      reached.push(String(await page.evaluate('document.activeElement.className || document.activeElement.id')));
      if (step > 0) expect(await findHidden(page, [':focus'])).toEqual([]);
    }
    expect(reached).toEqual(['skip', 'language', 'primary', 'secondary', 'open-decline']);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.id')).toBe('decline');
    expect(await findHidden(page, ['#decline'])).toEqual([]);
  }, 60_000);
});

const names: readonly (readonly [string, Names])[] = [
  [
    'with markup',
    { client: '<b>Butik</b> & "Co"', bank: '<script>alert(1)</script>', payee: "'><img src=x onerror=alert(1)>" },
  ],
  ['of seventy letters without a blank', { client: 'W'.repeat(70), bank: 'M'.repeat(70), payee: 'Å'.repeat(70) }],
  ['from right to left', { client: 'متجر المثال', bank: 'בנק לדוגמה', payee: 'شركة المثال ١٢٣' }],
];

describe('names', () => {
  it.each(names)(
    '%s are shown as text and whole, also at 320 pixels',
    async (_, given) => {
      const page = await pages.window(desktop);
      for (const render of Object.values(views)) {
        await pages.show(page, render(askedPayment('sv', branding, given)));
        for (const size of sizes) {
          await page.setViewportSize(size);
          expect(await measure(page)).toEqual(readable);
        }
      }
      await pages.show(page, startPage(askedPayment('sv', branding, given)));
      expect(await page.textContent('.bank')).toBe(given.bank);
      expect(await page.textContent('.payee dd')).toBe(given.payee);
      expect(await page.locator('main img, main script, main b').count()).toBe(0);
    },
    120_000,
  );
});

describe('a success', () => {
  it('does not look like an end without one', async () => {
    const page = await pages.window(phone);
    await pages.show(page, authorisedPage(askedPayment('sv', branding)));
    const success = await colourOf(page, '.outcome');
    await pages.show(page, endedPage(askedPayment('sv', branding), 'expired'));
    expect(await colourOf(page, '.outcome')).not.toBe(success);
  });
});
