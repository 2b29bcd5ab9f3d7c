import { assetPath, getAsset } from './assets.ts';

const bodyOf = (name: 'payer.css' | 'payer.js'): string => getAsset(assetPath(name).slice('/pay/assets/'.length)).body;

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
    const urls = [...bodyOf('payer.css').matchAll(/url\("([^"]*)"\)/g)].map((match) => match[1] ?? '');
    expect(urls).toEqual([assetPath('seal.svg').slice('/pay/assets/'.length)]);
  });

  it('are a script for every browser: the engines of old phones and of test suites know no async, fetch or arrow', () => {
    expect(bodyOf('payer.js')).not.toMatch(
      /=>|\basync\b|\bawait\b|\bfetch\(|\b(?:let|const|class)\s|`|\?\?|\?\.|for \(\w+ \w+ of\b/,
    );
  });

  it('write no markup and open no app by script', () => {
    expect(bodyOf('payer.js')).not.toMatch(/innerHTML|insertAdjacent|document\.write|eval|data-launch|bankid:/);
  });
});
