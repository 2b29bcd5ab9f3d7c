import type { Browser } from 'playwright-core';
import type { PayerBrowser, Status } from '../../sandbox/payer-browser.ts';
import { launchBrowser } from '../support/browser/browser.ts';
import { eventually } from '../support/eventually.ts';
import { Metrics } from '../support/logs/metrics.ts';
import { anna, payment } from '../support/parties/payment.ts';
import { ProcessSystem } from '../support/system/process-system.ts';
import type { ServiceProcess } from '../support/system/service-process.ts';

/** A page that nothing wakes is answered after this time. */
const WAIT_MS = 20_000;

let world: ProcessSystem;
/** Asks BankID and settles; no page is served by it. */
let working: ServiceProcess;
/** Serves the pages, and does nothing else. */
let serving: ServiceProcess;

beforeAll(async () => {
  world = await ProcessSystem.start(2, [{}, { WORKERS: 'false' }]);
  [working, serving] = world.instances as [ServiceProcess, ServiceProcess];
});
beforeEach(() => world.balancer.serveBy(serving));
afterAll(() => world.stop());

/** A payment whose text is open in the app, on a page that shows so. */
async function open(): Promise<{ browser: PayerBrowser; orderId: string; shown: Status }> {
  const opened = await world.openInApp(await world.push(payment, {}));
  return { ...opened, shown: await untilView(opened.browser, 'wait') };
}

/** What the script is told, again and again, until it is this view. */
async function untilView(browser: PayerBrowser, view: string, shown = { version: '', rfa: '' }): Promise<Status> {
  const status = await browser.nextStatus(shown);
  return status.view === view ? status : untilView(browser, view, status);
}

/** Backends that listen; those of the service's other connections do not. */
async function listeners(): Promise<readonly number[]> {
  const rows = await world.database.asOwner(
    `select pid from pg_stat_activity where datname = current_database() and query = 'listen sigill'`,
  );
  return rows.map(({ pid }) => Number(pid));
}

describe('a payer whose page is served by another instance than the one that asks BankID', () => {
  it('is told by the answer to the question that waited while they signed', async () => {
    const { browser, orderId, shown } = await open();
    const begun = performance.now();
    const told = untilView(browser, 'authorised', shown);
    const signed = await world.app.sign(orderId, { personalNumber: anna });
    await browser.get(signed.returnUrl ?? '');
    await told;
    expect(performance.now() - begun).toBeLessThan(WAIT_MS / 2);
  });

  it('is told although the connection that listens was killed while they waited', async () => {
    const { browser, orderId, shown } = await open();
    const told = untilView(browser, 'authorised', shown);
    const before = await eventually(async () => {
      const pids = await listeners();
      return pids.length > 0 ? pids : undefined;
    });
    await world.database.asOwner('select pg_terminate_backend(pid) from unnest($1::int[]) as pid', [before]);
    const begun = performance.now();
    const signed = await world.app.sign(orderId, { personalNumber: anna });
    await browser.get(signed.returnUrl ?? '');
    await told;
    expect(performance.now() - begun).toBeLessThan(WAIT_MS / 2);
    await eventually(async () => {
      const after = await listeners();
      return after.length > 0 && !after.some((pid) => before.includes(pid)) ? true : undefined;
    });
  });

  it('sees it in a real browser, whose question had waited for it', async () => {
    const chromium: Browser = await launchBrowser();
    const page = await chromium.newPage();
    await page.route(
      (url) => url.searchParams.has('autostarttoken') || url.pathname.endsWith('/return'),
      (route) => route.fulfill({ status: 204 }),
    );
    let asked = 0;
    page.on('request', (request) => (asked += request.url().includes('/status') ? 1 : 0));
    try {
      const pushed = await world.push(payment, {});
      await page.goto(pushed.authorizationUrl.href);
      await page.click('form[action$="/start/this"] button');
      const link = (await page.getAttribute('a[data-launch]', 'href')) ?? '';
      const order = await world.app.open(new URL(link).searchParams.get('autostarttoken') ?? '');
      await page.waitForSelector('main[data-view="wait"]', { timeout: 15_000 });
      const before = asked;
      await world.app.sign(order.id, { personalNumber: anna, deviceIp: '127.0.0.1' });
      await page.waitForSelector('main[data-view="authorised"]', { timeout: WAIT_MS / 2 });
      // One more where BankID said in between that the payer was reading.
      expect(asked - before).toBeLessThanOrEqual(1);
    } finally {
      await chromium.close();
    }
  });
});

describe('fifty tabs of one payment', () => {
  it('let two of them wait and keep no other page from being served', async () => {
    const { browser, orderId, shown } = await open();
    const answered: Status[] = [];
    const tabs = Array.from({ length: 50 }, async () => {
      answered.push(await browser.nextStatus(shown));
    });
    await eventually(() => Promise.resolve(answered.length === 48 ? true : undefined));
    expect(answered.every(({ version }) => version === shown.version)).toBe(true);
    expect((await browser.get(browser.interactionPath)).status).toBe(200);
    await world.app.cancel(orderId);
    await Promise.all(tabs);
    expect(answered.slice(-2).map(({ view }) => view)).toEqual(['try-again', 'try-again']);
  });

  it('make room for others when they are closed', async () => {
    const { browser, shown } = await open();
    const closing = new AbortController();
    const closed = [1, 2].map(() => browser.nextStatus(shown, closing.signal).catch(() => undefined));
    await new Metrics(serving.metricsUrl).until((count) => count === 2, 'sigill_page_requests_waiting');
    expect(await isAnsweredAtOnce(browser, shown)).toBe(true);
    const begun = performance.now();
    closing.abort();
    await Promise.all(closed);
    await eventually(async () => ((await isAnsweredAtOnce(browser, shown)) ? undefined : true));
    expect(performance.now() - begun).toBeLessThan(WAIT_MS / 2);
  });
});

/** Whether a question is answered in a twentieth of the time that it may wait; one that waits is given up. */
async function isAnsweredAtOnce(browser: PayerBrowser, shown: Status): Promise<boolean> {
  try {
    await browser.nextStatus(shown, AbortSignal.timeout(WAIT_MS / 20));
    return true;
  } catch {
    return false;
  }
}

describe('many pages that wait', () => {
  it('hold no connection to the database and keep no TPP from pushing', async () => {
    const opened = await Promise.all(Array.from({ length: 12 }, open));
    const closing = new AbortController();
    const waiting = opened.map(({ browser, shown }) =>
      browser.nextStatus(shown, closing.signal).catch(() => undefined),
    );
    await eventually(async () => {
      const [found] = await world.database.asOwner(
        `select count(*) filter (where state <> 'idle' and pid <> pg_backend_pid())::int as busy from pg_stat_activity
          where datname = current_database() and backend_type = 'client backend'`,
      );
      return found?.['busy'] === 0 ? true : undefined;
    });
    expect((await world.push(payment, {})).authorizationUrl.pathname).toBe('/authorize');
    closing.abort();
    await Promise.all(waiting);
  });

  it('are answered when the instance is stopped, which waits for none of them', async () => {
    const { browser, shown } = await open();
    const waiting = [browser.nextStatus(shown), browser.nextStatus(shown)];
    await new Metrics(serving.metricsUrl).until((count) => count === 2, 'sigill_page_requests_waiting');
    const begun = performance.now();
    world.balancer.serveBy(working);
    await serving.stop();
    expect(await Promise.all(waiting)).toEqual([shown, shown]);
    expect(performance.now() - begun).toBeLessThan(WAIT_MS / 2);
    await serving.start();
  });
});
