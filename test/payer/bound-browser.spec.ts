import { PayerBrowser } from '../../sandbox/payer-browser.ts';
import type { RawAnswer } from '../support/parties/exchange.ts';
import { eventually } from '../support/eventually.ts';
import { pageOf, visit } from '../support/browser/known-browser.ts';
import { PayerSteps } from '../support/parties/payer-steps.ts';
import { countRows } from '../support/parties/raw-parties.ts';
import { tamper } from '../support/database/tamper.ts';
import { withoutRandomHex } from '../support/random-hex.ts';

let steps: PayerSteps;
beforeAll(async () => {
  steps = await PayerSteps.start();
}, 60_000);
afterAll(() => steps.stop());

/** Every address of an interaction, with what a browser may send there. */
function addresses(path: string): readonly (readonly [string, string])[] {
  return [
    ['GET', path],
    ['GET', `${path}/status`],
    ['GET', `${path}/qr`],
    ['GET', `${path}/back?nonce=${'n'.repeat(43)}`],
    ['POST', `${path}/start/this`],
    ['POST', `${path}/start/other`],
    ['POST', `${path}/cancel`],
    ['POST', `${path}/decline`],
    ['GET', `/authorize/${path.slice('/pay/'.length)}/return`],
  ];
}

const knock = (method: string, path: string, headers: Record<string, string> = {}): Promise<RawAnswer> =>
  visit(steps.parties.tpp.issuer, method, path, headers);

/** Until it is stored of each order that the app shows it: a later collect changes nothing. */
async function untilCollected(): Promise<void> {
  const { app, database } = steps.world;
  await app.collectNow();
  await eventually(async () => {
    const unknown = `select from sign_order where state = 'pending' and hint_code is distinct from 'userSign'`;
    return (await database.asOwner(unknown)).length === 0 || undefined;
  });
}

describe('a browser', () => {
  it('that was not the first finds nothing and can do nothing, while the first goes on', async () => {
    const inHand = await steps.open();
    const path = inHand.browser.interactionPath;
    const stranger = new PayerBrowser();
    // A browser of ours, with a cookie of ours, for a payment of its own.
    await steps.world.openInApp(await steps.parties.tpp.push(), stranger);
    await untilCollected();
    const before = await countRows(steps.database);
    const [, order] = await steps.world.app.listOrders();
    for (const [method, address] of addresses(path)) {
      const pages = [
        await (method === 'GET' ? stranger.get(address) : stranger.post(address)),
        await knock(method, address),
        await knock(method, address, { cookie: `sigill=${'A'.repeat(43)}` }),
        await knock(method, address, { cookie: 'sigill=; sigill=x' }),
      ];
      expect([method, address, pages.map(({ status }) => status)]).toEqual([method, address, [404, 404, 404, 404]]);
      for (const page of pages) {
        const body = 'text' in page ? page.text : page.body;
        expect(withoutRandomHex(body)).not.toMatch(
          /1 ?250|Exempelbutiken|5050-1055|autostarttoken|<svg[^>]*viewBox="0 0 \d+ \d+" shape/,
        );
      }
    }
    expect(await countRows(steps.database)).toEqual(before);
    expect((await steps.world.app.getOrder(order?.id ?? '')).status).toBe('pending');
    await steps.sign(inHand);
    expect(await steps.token(inHand)).toHaveLength(43);
  });

  it('finds nothing of a payment whose payer is reached in another way, even if it knows its name', async () => {
    const pushed = await steps.parties.tpp.push();
    const path = await pageOf(pushed);
    const called = `update consent set way = 'phone', call_initiator = 'user' where interaction_id = $1`;
    expect(await tamper(steps.database, 'consent', called, [path.slice('/pay/'.length)])).toBe(1);
    // No order was made for it, as for one whose instance died: that is ended, and then nothing else happens to it.
    await steps.waitForState(pushed.consentId, 'rejected');
    const before = await countRows(steps.database);
    for (const [method, address] of addresses(path)) {
      const status = (await knock(method, address, { cookie: `sigill=${'A'.repeat(43)}` })).status;
      expect([method, address, status]).toEqual([method, address, 404]);
    }
    expect(await countRows(steps.database)).toEqual(before);
  });

  it('with the cookie twice is not the payer’s: one of the two was planted', async () => {
    const pushed = await steps.parties.tpp.push();
    const path = await pageOf(pushed);
    const begun = await knock('POST', `${path}/start/this`);
    const cookie = (begun.headers.getSetCookie().find((line) => line.startsWith('sigill=')) ?? '').split(';')[0] ?? '';
    expect((await knock('GET', `${path}/status`, { cookie })).status).toBe(200);
    expect((await knock('GET', `${path}/status`, { cookie: `${cookie}; ${cookie}` })).status).toBe(404);
    expect((await knock('GET', `${path}/status`, { cookie: `sigill=${'A'.repeat(43)}; ${cookie}` })).status).toBe(404);
  });

  it('without the cookie gets no QR frame, not even while one is shown', async () => {
    const pushed = await steps.parties.tpp.push();
    const browser = new PayerBrowser();
    await browser.open(pushed.authorizationUrl);
    await browser.post(`${browser.interactionPath}/start/other`);
    await browser.waitFor('qr');
    const frame = await browser.get(`${browser.interactionPath}/qr`);
    expect([frame.status, frame.body.startsWith('<svg')]).toEqual([200, true]);
    const stolen = await knock('GET', `${browser.interactionPath}/qr`);
    expect([stolen.status, stolen.text.includes('<path')]).toEqual([404, false]);
  });

  it('cannot be made to begin by a form of another site', async () => {
    const pushed = await steps.parties.tpp.push();
    const path = await pageOf(pushed);
    const before = await countRows(steps.database);
    const forged: readonly Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: steps.parties.tpp.issuer, 'sec-fetch-site': 'cross-site' },
      { origin: steps.parties.tpp.issuer, 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of forged) {
      for (const action of ['start/this', 'start/other', 'decline', 'cancel']) {
        const answer = await knock('POST', `${path}/${action}`, headers);
        expect([headers, action, answer.status]).toEqual([headers, action, 403]);
        expect(answer.headers.getSetCookie()).toEqual([]);
      }
    }
    expect(await countRows(steps.database)).toEqual(before);
  });

  it('may open the link twice: two tabs are one payment, with one order at a time and one code that is good', async () => {
    const pushed = await steps.parties.tpp.push();
    const { browser, orderId } = await steps.world.openInApp(pushed);
    const second = await browser.open(pushed.authorizationUrl);
    expect(second.status).toBe(200);
    const orders = (await steps.world.app.listOrders()).filter(({ status }) => status === 'pending');
    await browser.post(`${browser.interactionPath}/start/this`);
    const pending = (await steps.world.app.listOrders()).filter(({ status }) => status === 'pending');
    expect(pending.length).toBeLessThanOrEqual(orders.length);
    const open = pending.find(({ status, id }) => status === 'pending' && id !== orderId);
    const { returnUrl } = await steps.world.app.sign(open ? await opened(browser) : orderId);
    if (returnUrl !== undefined) await browser.get(returnUrl);
    await browser.waitFor('authorised');
    const first = await browser.finish();
    const last = await browser.finish();
    const { tpp } = steps.parties;
    const dead = await tpp.postAs('/token', tpp.redemption(first.searchParams.get('code') ?? '', pushed));
    expect([dead.status, dead.body['error']]).toEqual([400, 'invalid_grant']);
    expect(await tpp.redeem(last, pushed)).toHaveLength(43);
  });
});

/** Opens the order that the page offers now. */
async function opened(browser: PayerBrowser): Promise<string> {
  const page = await browser.get(browser.interactionPath);
  const token = /autostarttoken=([\w-]+)/.exec(page.body)?.[1] ?? '';
  return (await steps.world.app.open(token)).id;
}

describe('a preview bot', () => {
  it('may follow the link as often as it likes: nothing changes, and the payer can still pay', async () => {
    const pushed = await steps.parties.tpp.push();
    const before = await countRows(steps.database);
    const path = await pageOf(pushed);
    let botCookie = '';
    for (let n = 0; n < 25; n += 1) {
      const method = n % 5 === 0 ? 'HEAD' : 'GET';
      const link = await fetch(pushed.authorizationUrl, { method, redirect: 'manual' });
      const page = await fetch(new URL(path, steps.parties.tpp.issuer), { method });
      await page.body?.cancel();
      expect([link.status, page.status]).toEqual([303, 200]);
      botCookie = (page.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
    }
    expect(
      (await fetch(new URL(`/authorize/${path.slice('/pay/'.length)}/return`, pushed.authorizationUrl))).status,
    ).toBe(404);
    expect(await countRows(steps.database)).toEqual(before);
    const { browser, orderId } = await steps.world.openInApp(pushed);
    // The bot may keep whatever cookie it was given: the payment is the payer's.
    const bot = await fetch(new URL(path, steps.parties.tpp.issuer), { headers: { cookie: botCookie } });
    expect([botCookie.length > 43, bot.status]).toEqual([true, 404]);
    await steps.sign({ pushed, browser, orderId });
    expect(await steps.token({ pushed, browser })).toHaveLength(43);
  });
});
