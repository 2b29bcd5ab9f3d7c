import type { Page } from 'playwright-core';
import { eventually } from '../../support/eventually.ts';
import {
  comesBack,
  lookAgain,
  desktop,
  PayerPages,
  phone,
  press,
  view,
  type Purpose,
} from '../../support/browser/payer-pages.ts';
import { anna, quick } from '../../support/system/system.ts';

const purposes: readonly Purpose[] = ['payment', 'login'];
const SAFARI_ON_IPAD =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15';
const OF_PHONES = /^https:\/\/app\.bankid\.com\/\?autostarttoken=[\w-]{36}$/;

let pages: PayerPages;
beforeAll(async () => {
  pages = await PayerPages.start({ timings: quick, env: { BANKID_APP_URL: '' } });
}, 60_000);
afterEach(() => pages.closeBrowsers());
afterAll(async () => {
  await pages.stop();
  expect(pages.complaints).toEqual([]);
});

const linkOf = async (page: Page): Promise<string> => (await page.getAttribute('a[data-launch]', 'href')) ?? '';
const orders = () =>
  pages.world.database.asOwner(
    `select renewal, state from sign_order where order_group = (select order_group from sign_order order by seq desc limit 1) order by seq`,
  );
const attempts = (purpose: Purpose) =>
  pages.world.database.asOwner(
    purpose === 'payment'
      ? `select failed_attempts as failed, (select count(*)::int from signing_attempt where consent_id = c.id) as presses
         from consent c order by created_at desc limit 1`
      : `select failed_attempts as failed, (select count(*)::int from login_attempt where login_id = l.id) as presses
         from login l order by created_at desc limit 1`,
  );

/** Time passes for the service and for BankID alike. */
const read = (seconds: number): void => pages.world.clock.advance(seconds * 1000);

/** The same, and the page is looked at again; otherwise it asks every ten seconds. */
async function readOn(page: Page, seconds: number): Promise<void> {
  read(seconds);
  await lookAgain(page);
}

/** The page's link, once it is another than this. */
const untilLinkIsNot = (page: Page, former: string): Promise<string> =>
  eventually(async () => {
    const link = await linkOf(page);
    return link === former ? undefined : link;
  });

describe.each(purposes)('a person who reads the page that opens BankID, of a %s', (purpose) => {
  it('for as long as they like is told of nothing that opens, loses no attempt, and has a link that works', async () => {
    const page = await pages.open(purpose, phone);
    await press(page, '/start/this');
    await view(page, 'launch');
    const first = await linkOf(page);
    const loaded = await page.evaluate(() => performance.timeOrigin);
    // A link lives for 30 s and is renewed after 18: the rest is for a slow machine, whose own time goes on.
    await readOn(page, 18);
    const second = await untilLinkIsNot(page, first);
    await readOn(page, 18);
    await untilLinkIsNot(page, second);
    expect(await page.textContent('[data-message]')).toBe('');
    expect(await page.evaluate(() => performance.timeOrigin)).toBe(loaded);
    expect(await orders()).toEqual([
      { renewal: 0, state: 'renewed' },
      { renewal: 1, state: 'renewed' },
      { renewal: 2, state: 'pending' },
    ]);
    expect(await attempts(purpose)).toEqual([{ failed: 0, presses: 1 }]);
    const order = await pages.openApp(page);
    await view(page, 'wait');
    const { returnUrl } = await pages.world.app.sign(order, {
      personalNumber: anna,
      risk: 'moderate',
      deviceIp: '203.0.113.9',
    });
    // Only the nonce ties this app to this browser: it is that of the press, whose order was renewed twice.
    const back = comesBack(page);
    await page.context().request.get(returnUrl ?? '');
    expect((await back).searchParams.get('code')).toMatch(/./);
  }, 60_000);

  it('reads after the press that the app is being opened, and what to do if it is not', async () => {
    const page = await pages.open(purpose, desktop);
    await press(page, '/start/this');
    await view(page, 'launch');
    const help = page.locator('[data-not-opened] p').first();
    expect([await page.textContent('[data-message]'), await help.isVisible()]).toEqual(['', false]);
    await page.click('a[data-launch]');
    expect(await page.textContent('[data-message]')).toContain('Trying to start');
    expect(await page.getAttribute('[data-message]', 'data-rfa')).toBe('RFA13');
    await help.waitFor({ state: 'visible' });
    expect(await help.textContent()).toContain('installed');
  }, 60_000);

  it('is not robbed of the link that they have pressed: only a link that was not pressed is renewed', async () => {
    const page = await pages.open(purpose, desktop);
    await press(page, '/start/this');
    await view(page, 'launch');
    const keeps = async (): Promise<boolean> =>
      (await page.waitForRequest((request) => request.url().includes('/status'))).url().includes('&keep=link');
    // A question that waits for no answer is followed by the next after two seconds.
    await page.route('**/status?*', (route) => route.fulfill({ status: 204 }));
    const first = keeps();
    await lookAgain(page);
    expect(await first).toBe(true);
    await page.click('a[data-launch]');
    expect(await keeps()).toBe(false);
    await page.unroute('**/status?*');
    expect(await orders()).toEqual([{ renewal: 0, state: 'pending' }]);
    await pages.openApp(page);
    await view(page, 'wait');
  }, 60_000);

  it('who went away finds that nothing was opened and nothing lost, and goes on by one press', async () => {
    const page = await pages.open(purpose, desktop);
    await press(page, '/start/this');
    await view(page, 'launch');
    const path = page.url();
    await page.goto('about:blank');
    read(31);
    await page.goto(path);
    await view(page, 'unopened');
    expect(await page.textContent('main')).toMatch(/lost no attempt/);
    expect(await attempts(purpose)).toEqual([{ failed: 0, presses: 1 }]);
    await press(page, '/start/this');
    await view(page, 'launch');
    await pages.openApp(page);
    await view(page, 'wait');
  }, 60_000);

  it('needs no script: the first press loads a page with the link, and the page keeps it current', async () => {
    const page = await pages.open(purpose, { ...phone, javaScriptEnabled: false });
    await press(page, '/start/this');
    await view(page, 'launch');
    const first = await linkOf(page);
    expect(await page.textContent('[data-message]')).toBe('');
    expect(await page.locator('[data-not-opened] summary').isVisible()).toBe(true);
    await page.waitForLoadState();
    read(20);
    // The page loads itself again after five seconds; while another order is made, it keeps the link that it has.
    await page.waitForEvent('load');
    await eventually(async () => ((await linkOf(page)) === first ? page.reload().then(() => undefined) : true));
    await pages.openApp(page);
    await eventually(async () => {
      await page.reload();
      return (await page.locator('main[data-view="wait"]').count()) === 1 ? true : undefined;
    });
    expect(await attempts(purpose)).toEqual([{ failed: 0, presses: 1 }]);
  }, 60_000);
});

describe('an iPad that calls itself a Macintosh', () => {
  it('has the link of phones, the renewed one too', async () => {
    const page = await pages.open('payment', { ...desktop, userAgent: SAFARI_ON_IPAD });
    await page.addInitScript(`Object.defineProperty(navigator, 'maxTouchPoints', { value: 5 })`);
    await press(page, '/start/this');
    await view(page, 'launch');
    const first = await linkOf(page);
    expect(first).toMatch(OF_PHONES);
    await readOn(page, 20);
    expect(await untilLinkIsNot(page, first)).toMatch(OF_PHONES);
  }, 60_000);
});
