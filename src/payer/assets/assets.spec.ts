import { runInNewContext } from 'node:vm';
import { assets } from './assets.ts';

const assetPath = (name: 'payer.css' | 'payer.js' | 'seal.svg'): string => assets.path(name);
const getAsset = (file: string) => assets.get(file);
const bodyOf = (name: 'payer.css' | 'payer.js'): string =>
  String(getAsset(assetPath(name).slice('/pay/assets/'.length)).body);

describe('the assets of the pages', () => {
  it('are found under the names that the pages give, hash and all', () => {
    for (const name of ['payer.css', 'payer.js', 'seal.svg'] as const) {
      expect(assetPath(name)).toMatch(/^\/pay\/assets\/[a-z]+-[\w-]{16}\.(css|js|svg)$/);
      expect(getAsset(assetPath(name).slice('/pay/assets/'.length)).body).not.toBe('');
    }
  });

  it('are nothing else', () => {
    for (const file of ['payer.css', '../payer.js', 'constructor', '']) {
      expect(() => getAsset(file)).toThrow(expect.objectContaining({ code: 'request.not-found' }) as Error);
    }
  });

  it('name nothing that is elsewhere', () => {
    expect(bodyOf('payer.css')).not.toMatch(/url\(|@import/);
  });

  it('are a script for every browser: the engines of old phones and of test suites know no async, fetch or arrow', () => {
    expect(bodyOf('payer.js')).not.toMatch(
      /=>|\basync\b|\bawait\b|\bfetch\(|\b(?:let|const|class)\s|`|\?\?|\?\.|for \(\w+ \w+ of\b/,
    );
  });

  it('write no markup by script', () => {
    expect(bodyOf('payer.js')).not.toMatch(/innerHTML|insertAdjacent|document\.write|eval/);
  });
});

describe('the link to the BankID app', () => {
  const scheme = 'bankid:///?autostarttoken=46f6aa68-a520-49d8-9be7-f0726d038c26&redirect=null';
  const universal = 'https://app.bankid.com/?autostarttoken=46f6aa68-a520-49d8-9be7-f0726d038c26';
  const macintosh =
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15';
  const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36';

  it.each([
    ['is that of phones on an iPad that calls itself a Macintosh', macintosh, 5, scheme, universal],
    ['is that of computers on a Mac', macintosh, 0, scheme, scheme],
    ['is that of computers on Windows with a touch screen', windows, 10, scheme, scheme],
    ['leads to the pretend app, on an iPad too', macintosh, 5, 'http://localhost:3002/?autostarttoken=x', undefined],
  ])('%s', (_, userAgent, maxTouchPoints, given, expected = given) => {
    expect(runOn({ userAgent, maxTouchPoints }, given)).toEqual({ href: expected, followed: [] });
  });
});

/** Runs the script on a page with this link alone; returns where the link leads then, and where the script itself has gone. */
function runOn(navigator: object, href: string): { readonly href: string; readonly followed: readonly string[] } {
  const page = { href, followed: [] as string[] };
  const follow = (url: string): number => page.followed.push(url);
  const link = {
    getAttribute: () => page.href,
    setAttribute: (_name: string, value: string) => (page.href = value),
    addEventListener: () => undefined,
    click: () => follow(page.href),
  };
  const content = {
    getAttribute: () => null,
    querySelector: (part: string) => (part === 'a[data-launch]' ? link : null),
  };
  runInNewContext(bodyOf('payer.js'), {
    navigator,
    document: { getElementById: () => content, forms: [] },
    window: { addEventListener: () => undefined, open: follow },
    location: { assign: follow, replace: follow },
    setTimeout: () => undefined,
  });
  return page;
}
