import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { readBundle } from '../../../src/bundle/read-bundle.ts';
import { Newcomer } from '../../support/browser/newcomer.ts';
import { findBarriers } from '../../support/browser/rendered-pages.ts';
import { unzip } from '../../support/evidence/checked-export.ts';
import { eventually } from '../../support/eventually.ts';
import { runCli } from '../../support/commands/run-cli.ts';
import { anna } from '../../support/system/system.ts';

const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, locale: 'sv-SE', colorScheme: 'light' };
const desktop: BrowserContextOptions = { viewport: { width: 1280, height: 800 }, locale: 'en-GB', colorScheme: 'dark' };

let newcomer: Newcomer;
beforeAll(async () => {
  newcomer = await Newcomer.start();
}, 180_000);
afterEach(() => newcomer.closePages());
afterAll(() => newcomer.stop());

const textOf = (page: Page): Promise<string> => page.locator('body').innerText();
const payFor = (invoice: string): string => `form[action="/pay"]:has(input[value="${invoice}"])`;

/** All that the page holds, folded or not. */
const wholeText = async (page: Page): Promise<string> => (await page.locator('body').textContent()) ?? '';

/** A person may scroll down, and never sideways. */
async function fits(page: Page): Promise<boolean> {
  // A click goes on before the page it leads to has its stylesheet.
  await page.waitForLoadState('load');
  return page.evaluate<boolean>('document.documentElement.scrollWidth <= document.documentElement.clientWidth');
}

describe('a newcomer on the first page of the sandbox', () => {
  it.each([
    ['Swedish on a phone', phone, 'sv', 'Butiken', 'Tack för ditt köp!', 'Nekad (409)'],
    ['English on a desktop', desktop, 'en', 'The shop', 'Thank you for your purchase!', 'Refused (409)'],
  ])(
    'is payer, bank and auditor of one payment, in %s',
    async (_, options, language, shop, thanks, refused) => {
      const page = await newcomer.open('/', options);
      expect(await page.getAttribute('html', 'lang')).toBe(language);
      await page.click(`main a:has-text("${shop}")`);
      await newcomer.signFrom(page, payFor('coffee'));
      expect(await page.textContent('h1')).toBe(thanks);

      await page.click('main a[href^="/bank/"]');
      for (const step of ['introspect', 'consume', 'consume-again', 'report', 'verify']) {
        await page.click(`form[action$="/${step}"] button`);
      }
      const bank = await textOf(page);
      expect([bank.includes(refused), bank.includes('TOTAL-PASSED'), await fits(page)]).toEqual([true, true, true]);
      expect(await wholeText(page)).not.toContain(anna);

      await page.click('header a[href="/auditor"]');
      await page.click('.rows a');
      await page.click('section.next button');
      expect(await textOf(page)).toContain('consent.consumption-refused');
      const folder = await newcomer.download(page, 'a[href$="/evidence.zip"]');
      const root = join(newcomer.system.folder, 'service', 'bankid-signature-root.pem');
      expect(await runCli('verify', folder, '--trust-unpinned', root)).toMatchObject({ code: 0 });
      const bundle = readFileSync(await newcomer.download(page, 'a[href$="/evidence.asice"]'));
      expect((await readBundle(bundle)).fault).toBeUndefined();
      const report = readFileSync(await newcomer.download(page, 'a[href$="/report.json"]'), 'utf8');
      expect(JSON.parse(report)).toMatchObject({ indication: 'TOTAL-PASSED', matches: 'yes' });
      await page.click('a[href$="/report"]');
      expect(await textOf(page)).toContain('TOTAL-PASSED');
      expect([(await wholeText(page)).includes(anna), await fits(page)]).toEqual([false, true]);
    },
    180_000,
  );

  it('pays in euro at either bank, and the payer reads what the verification of the payee said', async () => {
    const page = await newcomer.open('/shop', desktop);
    await page.check(`${payFor('glass')} input[value="provbanken"]`);
    await page.selectOption(`${payFor('glass')} select`, 'close-match');
    await newcomer.signFrom(page, payFor('glass'));
    await page.click('a[href$="/report"]');
    const report = await textOf(page);
    for (const words of ['249.90 EUR', 'Provbanken AB', 'The name does not quite match', 'RF18 5390 0754 7034']) {
      expect(report).toContain(words);
    }
  }, 150_000);

  it('orders the list of the period as its auditor', async () => {
    const page = await newcomer.open('/shop', phone);
    await newcomer.signFrom(page, payFor('office'));
    await page.click('main a[href^="/auditor/"]');
    const consentId = /audit ([0-9a-f-]{36})/.exec(await wholeText(page))?.[1] ?? '';
    await page.click('header a[href="/auditor"]');
    await page.selectOption('select[name="bank"]', 'provbanken');
    const list = readFileSync(await newcomer.download(page, 'form[action="/auditor/export"] button'), 'latin1');
    expect([consentId.length, list.includes(consentId), list.includes(anna)]).toEqual([36, true, false]);
    await page.fill('input[name="from"]', '2100-01-01');
    await page.click('form[action="/auditor/export"] button');
    expect(await textOf(page)).toContain('The period ends before it begins');
  }, 150_000);

  it.each([
    ['Swedish on a light phone', phone, 'Väntar på godkännande', 'inte också godkänna', 'får inte godkänna'],
    ['English on a dark desktop', desktop, 'Awaits approval', 'cannot also approve', 'may not approve'],
  ])(
    'orders signatures as one employee of the bank and approves them as another one, in %s',
    async (_, options, awaits, own, powerless) => {
      const page = await newcomer.open('/auditor', options);
      await page.click('form[action="/auditor/orders"] button');
      await page.click('button[value=""]');
      expect([await textOf(page), await page.title()].join()).toContain('access_denied');
      await page.goto(`${newcomer.url}/auditor`);
      await page.click('form[action="/auditor/orders"] button');
      expect([new URL(page.url()).pathname, await fits(page), await findBarriers(page)]).toEqual([
        expect.stringMatching(/^\/idp\/exempelbanken\/interaction\//),
        true,
        [],
      ]);
      await page.click('button[value="rut"]');
      expect(await page.textContent('h2')).toBe(awaits);
      for (const [employee, sentence] of [
        ['rut', own],
        ['nils', powerless],
      ]) {
        await page.click('section.next button');
        await page.click(`button[value="${employee}"]`);
        expect([await page.textContent('h2'), await page.textContent('.bad')]).toEqual([
          awaits,
          expect.stringContaining(sentence ?? ''),
        ]);
      }
      expect([await fits(page), await findBarriers(page)]).toEqual([true, []]);
      await page.click('section.next button');
      await page.click('button[value="astrid"]');
      expect(await page.textContent('h2')).not.toBe(awaits);
      expect(await wholeText(page)).toContain('"method": "id-token"');
      expect([await fits(page), await findBarriers(page)]).toEqual([true, []]);
      // Payments of the last ten seconds are waited for, and then the head of the ledger.
      await eventually(
        async () => {
          await page.reload();
          return (await page.locator('a[href$="/content"]').count()) > 0 || undefined;
        },
        () => `the export is not ready: ${page.url()}`,
      );
      const zip = readFileSync(await newcomer.download(page, 'a[href$="/content"]'));
      const { approval } = JSON.parse(String((await unzip(zip)).get('manifest.json'))) as { readonly approval: object };
      expect(approval).toMatchObject({ method: 'id-token', issuer: `${newcomer.url}/idp/exempelbanken` });
    },
    150_000,
  );

  it('logs in at the shop, which is told who it is', async () => {
    const page = await newcomer.open('/shop', phone);
    await newcomer.signFrom(page, 'form[action="/login"]');
    expect(await page.textContent('h1')).toBe('Välkommen, Anna Andersson');
    expect(await wholeText(page)).not.toContain(anna);
  }, 150_000);

  it('finds as operator whether the service is well, and where everything is', async () => {
    const page = await newcomer.open('/operator?lang=en', phone);
    const text = await textOf(page);
    for (const words of ['ready', newcomer.system.folder, '/docs', '/problems', 'phone-orders']) {
      expect(text).toContain(words);
    }
    await page.click('a[hreflang="sv"]');
    await page.click('header a[href="/bank"]');
    expect(await page.textContent('h1')).toBe('Samtycken');
  }, 150_000);

  it.each([
    ['Swedish on a light phone', phone],
    ['English on a dark desktop', desktop],
  ])(
    'finds no barrier behind any door or in the pretend app, in %s',
    async (_, options) => {
      const page = await newcomer.open('/', options);
      const doors = ['/', '/shop', '/bank', '/auditor', '/operator'].map((path) => new URL(path, newcomer.url));
      const { appUrl } = newcomer.system.simulator;
      for (const { href } of [...doors, new URL(appUrl), new URL('/scenarios', appUrl)]) {
        await page.goto(href);
        expect([href, await fits(page), await findBarriers(page)]).toEqual([href, true, []]);
      }
    },
    150_000,
  );

  it('finds again what was not finished', async () => {
    const page = await newcomer.open('/shop', desktop);
    await page.click(`${payFor('office')} button`);
    await page.goto(`${newcomer.url}/shop`);
    await page.click('.rows a');
    expect(await page.textContent('h1')).toBe('The payment is not finished');
    expect(await textOf(page)).toContain('POST /par');
  }, 150_000);

  it('is sent pages with a strict policy, whose forms no other site can send', async () => {
    const foreign = { method: 'POST', headers: { origin: 'https://other.example' } };
    expect((await fetch(`${newcomer.url}/pay`, foreign)).status).toBe(404);
    const policy = (await fetch(newcomer.url)).headers.get('content-security-policy');
    expect([policy?.startsWith("default-src 'none'"), policy?.includes('unsafe')]).toEqual([true, false]);
  }, 150_000);

  it('had no browser complain about anything on any page', () => {
    expect(newcomer.complaints).toEqual([]);
  });
});
