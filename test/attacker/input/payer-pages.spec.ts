import { pageOf, visit } from '../../support/browser/known-browser.ts';
import { callback } from '../../support/parties/payment.ts';
import type { RawAnswer } from '../../support/parties/exchange.ts';
import { PayerSteps } from '../../support/parties/payer-steps.ts';
import { countRows } from '../../support/parties/raw-parties.ts';

let steps: PayerSteps;
beforeAll(async () => {
  steps = await PayerSteps.start();
}, 60_000);
afterAll(() => steps.stop());

const knock = (method: string, path: string, headers: Record<string, string> = {}): Promise<RawAnswer> =>
  visit(steps.parties.tpp.issuer, method, path, headers);

/** The kind of page in our design, with its policy, never to be stored. */
function kindOf({ headers, text }: RawAnswer): string | undefined {
  expect(headers.get('content-type')).toMatch(/^text\/html/);
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(headers.get('cache-control')).toBe('no-store');
  return /<main\b[^>]*data-view="([\w-]+)"/.exec(text)?.[1];
}

/** Sends what must change nothing. */
async function changingNothing<T>(send: () => Promise<T>): Promise<T> {
  const before = await countRows(steps.database);
  const answers = await send();
  expect(await countRows(steps.database)).toEqual(before);
  return answers;
}

describe('a page of the payer, asked for oddly', () => {
  it.each([
    'AAAAAAAAAAAAAAAAAAAAAA',
    'a',
    'A'.repeat(400),
    '%00',
    "';drop%20table%20consent--",
    '%F0%9F%92%B0',
    '__proto__',
    'constructor',
  ])('by an id that is none is a page that shows nothing of any payment: %s', async (id) => {
    for (const root of ['pay', 'login']) {
      for (const [method, rest] of [
        ['GET', ''],
        ['GET', '/status'],
        ['GET', '/qr'],
        ['GET', '/back'],
        ['POST', '/start/other'],
        ['POST', '/cancel'],
        ['POST', '/decline'],
      ] as const) {
        const answer = await changingNothing(() => knock(method, `/${root}/${id}${rest}`));
        expect([root, method, rest, answer.status]).toEqual([root, method, rest, 404]);
        expect(kindOf(answer)).toBe(rest === '/back' ? 'back' : 'notBound');
        expect(answer.text).not.toContain('table consent');
      }
    }
  });

  it.each<[string, string, string]>([
    ['none', '', 'sv'],
    ['junk', ';;q=,,,;q=x, ,*', 'sv'],
    ['one that we do not speak', 'tlh, sw;q=0.9', 'sv'],
    ['one that we do not want and ours last', 'sv;q=0, en;q=0.1', 'en'],
    ['ten thousand', 'de,'.repeat(3000), 'sv'],
    ['a weight beyond one', 'en;q=NaN, sv;q=1e9', 'sv'],
  ])('in a language (%s) is in one of ours', async (_, acceptLanguage, language) => {
    const path = await pageOf(await steps.parties.tpp.push());
    for (const query of ['', '?lang=tlh', '?lang[]=sv', '?lang=__proto__']) {
      const answer = await knock('GET', `${path}${query}`, { 'accept-language': acceptLanguage });
      expect([answer.status, kindOf(answer), /<html lang="(\w+)"/.exec(answer.text)?.[1]]).toEqual([
        200,
        'payment',
        language,
      ]);
    }
  });

  it.each<[string, string]>([
    ['twice', `sigill=${'A'.repeat(43)}; sigill=${'B'.repeat(43)}`],
    ['without a value', 'sigill'],
    ['without a name', '=x; ;;; ='],
    ['of eight thousand characters', `sigill=${'A'.repeat(8000)}`],
    ['in a hundred pieces', Array.from({ length: 100 }, (_, n) => `c${n}=${'x'.repeat(40)}`).join('; ')],
    ['with what it may not hold', 'sigill="><script>alert(1)</script>'],
    ['of a language of its own', 'sigill_lang=<b>; sigill-device=../../x'],
  ])('with a cookie %s is the page that anybody sees first, and repeats nothing of it', async (_, cookie) => {
    const path = await pageOf(await steps.parties.tpp.push());
    const answer = await changingNothing(() => knock('GET', path, { cookie }));
    expect([answer.status, kindOf(answer)]).toEqual([200, 'payment']);
    expect(answer.text).not.toMatch(/<script>|<b>|\.\.\/x/);
  });

  it.each<Record<string, string>>([
    { origin: '' },
    { origin: 'null' },
    { origin: 'https://evil.example' },
    { origin: 'javascript:alert(1)' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'none' },
    { 'sec-fetch-site': 'same-origin, cross-site' },
  ])('refuses a form from elsewhere, in the design, and gives no cookie: %j', async (headers) => {
    const path = await pageOf(await steps.parties.tpp.push());
    for (const action of ['start/this', 'start/other', 'cancel', 'decline']) {
      const answer = await changingNothing(() => knock('POST', `${path}/${action}`, headers));
      expect([answer.status, kindOf(answer), answer.headers.getSetCookie()]).toEqual([403, 'crossSite', []]);
    }
  });

  it('refuses a form that is sent again after the end, and leads to what happened and back to the TPP', async () => {
    const { pushed, browser } = await steps.visit();
    const path = browser.interactionPath;
    await browser.post(`${path}/decline`);
    await changingNothing(async () => {
      for (const action of ['start/this', 'start/other', 'cancel', 'decline']) {
        const page = await browser.post(`${path}/${action}`);
        expect([action, page.status, page.url.pathname]).toEqual([action, 200, path]);
        expect(page.body).toMatch(/data-view="declined"[\s\S]*\/return"/);
        expect(page.body).not.toContain('<form');
      }
    });
    await steps.waitForState(pushed.consentId, 'rejected');
  });
});

describe('a payer whose answer the TPP has already', () => {
  it('is led to the TPP’s site by the way back, without a second answer', async () => {
    const inHand = await steps.open();
    await steps.sign(inHand);
    expect(await steps.token(inHand)).toHaveLength(43);
    const site = await inHand.browser.finish();
    expect(site.href).toBe(new URL('/', callback).href);
  });
});
