import type { Page } from 'playwright-core';
import { eventually } from '../../support/eventually.ts';
import {
  comesBack,
  desktop,
  linger,
  lookAgain,
  PayerPages,
  phone,
  press,
  view,
  type Purpose,
} from '../../support/browser/payer-pages.ts';
import { anna, quick } from '../../support/system/system.ts';

const purposes: readonly Purpose[] = ['payment', 'login'];

let pages: PayerPages;
beforeAll(async () => {
  pages = await PayerPages.start({ timings: quick });
}, 60_000);
afterEach(() => pages.closeBrowsers());
afterAll(async () => {
  await pages.stop();
  expect(pages.complaints).toEqual([]);
});

/** Signs what this page's link opens; the app does not lead back. */
async function sign(page: Page): Promise<void> {
  await press(page, '/start/this');
  await view(page, 'launch');
  await pages.world.app.sign(await pages.openApp(page), { personalNumber: anna, deviceIp: '127.0.0.1' });
}

/** The latest attempt's interaction, as its row has it. */
async function stored(purpose: Purpose): Promise<Record<string, unknown>> {
  const [row] = await pages.world.database.asOwner(
    purpose === 'payment'
      ? `select expires_at, failed_attempts as failed, (select count(*)::int from signing_attempt where consent_id = c.id) as presses
           from consent c order by created_at desc limit 1`
      : `select expires_at, failed_attempts as failed, (select count(*)::int from login_attempt where login_id = l.id) as presses
           from login l order by created_at desc limit 1`,
  );
  return row ?? {};
}

/** The browser's time and the service's go on together. */
async function pass(page: Page, seconds: number): Promise<void> {
  pages.world.clock.advance(seconds * 1000);
  await page.clock.fastForward(seconds * 1000);
}

describe.each(purposes)('a person in a browser, of a %s', (purpose) => {
  it('is back at once after they signed, and never twice: Back shows what happened, and a way on', async () => {
    const page = await pages.open(purpose, phone);
    const path = page.url();
    const back = comesBack(page);
    await sign(page);
    expect((await back).searchParams.get('code')).toMatch(/./);
    // Nothing is at the TPP's address: the browser has left our page when it shows that.
    await eventually(() => Promise.resolve(page.url().startsWith('chrome-error:') || undefined));
    let returns = 0;
    page.on('request', (request) => (returns += request.url().includes('/return') ? 1 : 0));
    await page.goto(path);
    await view(page, 'authorised');
    const line = page.locator('[data-returning]');
    await line.filter({ hasText: 'har fått ditt svar' }).waitFor();
    await page.reload();
    await line.filter({ hasText: 'har fått ditt svar' }).waitFor();
    expect(returns).toBe(0);
    expect(await page.locator('form').count()).toBe(0);
    const again = comesBack(page);
    await page.click('#return');
    expect((await again).searchParams.get('state')).toMatch(/./);
  }, 60_000);

  it('is not taken away from another tab: the page leaves when it is looked at', async () => {
    const page = await pages.open(purpose, desktop);
    await page.addInitScript(`
      var isHidden = true;
      Object.defineProperty(document, 'hidden', { get: function () { return isHidden; } });
      window.look = function () { isHidden = false; document.dispatchEvent(new Event('visibilitychange')); };
    `);
    let returns = 0;
    page.on('request', (request) => (returns += request.url().includes('/return') ? 1 : 0));
    await sign(page);
    await view(page, 'authorised');
    expect([returns, await page.locator('#return').isVisible()]).toEqual([0, true]);
    const back = comesBack(page);
    await page.evaluate('window.look()');
    expect((await back).searchParams.get('code')).toMatch(/./);
    expect(returns).toBe(1);
  }, 60_000);

  it('without scripts has a link back, and after the answer was given too', async () => {
    const page = await pages.open(purpose, { ...phone, javaScriptEnabled: false });
    await sign(page);
    await view(page, 'authorised');
    const back = comesBack(page);
    await page.click('#return');
    expect((await back).searchParams.get('code')).toMatch(/./);
  }, 60_000);

  it('who declined and comes back sees that they did, and no form', async () => {
    const page = await pages.open(purpose, phone);
    const leave = await linger(page);
    await page.click('.decline summary');
    await press(page, '/decline');
    await view(page, 'declined');
    await page.reload();
    await view(page, 'declined');
    expect(await page.locator('form').count()).toBe(0);
    const back = comesBack(page);
    await leave();
    expect((await back).searchParams.get('error')).toBe('access_denied');
  }, 60_000);

  it('is warned a minute before the time is up, and told when it is, without a press, with the way back', async () => {
    const page = await pages.open(purpose, desktop);
    await page.clock.install();
    await press(page, '/start/other');
    await view(page, 'qr');
    await press(page, '/cancel');
    await view(page, 'cancelled');
    const soon = page.locator('[data-expires]');
    const left = Number(await soon.getAttribute('data-expires'));
    expect([await soon.getAttribute('role'), await soon.textContent()]).toEqual(['status', '']);
    await pass(page, left - 59);
    expect(await soon.textContent()).toContain('Less than a minute');
    await pass(page, 61);
    await view(page, 'expired');
    const back = comesBack(page);
    await page.click('#return');
    expect((await back).searchParams.get('error_description')).toBe('expired');
  }, 60_000);

  it('who has not begun is told so by the page itself', async () => {
    const page = await pages.open(purpose, desktop);
    await page.clock.install();
    await page.reload();
    await pass(page, Number(await page.getAttribute('[data-expires]', 'data-expires')) + 1);
    await view(page, 'expired');
    expect(await page.locator('#return').isVisible()).toBe(true);
  }, 60_000);

  it.each([true, false])(
    'sees how long a QR code is shown, and gets more time by one press; scripts: %s',
    async (scripts) => {
      const page = await pages.open(purpose, { ...desktop, javaScriptEnabled: scripts });
      await press(page, '/start/other');
      await view(page, 'qr');
      const { expires_at: expiresAt } = await stored(purpose);
      const clock = page.locator('[data-countdown]');
      expect(await clock.textContent()).toMatch(/^(?:3:00|2:5\d)$/);
      pages.world.clock.advance(25_000);
      await (scripts ? lookAgain(page) : page.reload());
      if (!scripts) expect(await clock.textContent()).toMatch(/^2:[23]\d$/);
      await page.getByRole('button', { name: 'I need more time' }).click();
      await view(page, 'qr');
      await eventually(async () => (/^(?:3:00|2:5\d)$/.test((await clock.textContent()) ?? '') ? true : undefined));
      expect(await stored(purpose)).toEqual({ expires_at: expiresAt, failed: 0, presses: 2 });
      const open = `select count(*)::int as open from sign_order where state in ('requested', 'pending', 'answer-unknown')
                     and order_group = (select order_group from sign_order order by seq desc limit 1)`;
      expect(await pages.world.database.asOwner(open)).toEqual([{ open: 1 }]);
    },
    60_000,
  );
});
