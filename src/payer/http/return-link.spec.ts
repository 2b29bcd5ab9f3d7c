import { returnLink } from './return-link.ts';

const URL = 'https://sigill.example/pay/4q8hX2kzTfS0cM7dLr1VbA/back?nonce=n-0S6_WzA2Mj';
const IOS = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';

describe('the way back from the BankID app leads to the browser that started it', () => {
  it.each([
    ['Safari on iOS', `${IOS} Version/18.1 Mobile/15E148 Safari/604.1`, URL],
    [
      'Chrome on iOS',
      `${IOS} CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1`,
      'googlechromes://sigill.example/pay/4q8hX2kzTfS0cM7dLr1VbA/back?nonce=n-0S6_WzA2Mj',
    ],
    [
      'Chrome on an iPad that calls itself a Macintosh',
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131 Version/17.4 Safari/605.1.15',
      'googlechromes://sigill.example/pay/4q8hX2kzTfS0cM7dLr1VbA/back?nonce=n-0S6_WzA2Mj',
    ],
    [
      'Firefox on iOS',
      `${IOS} FxiOS/133.0 Mobile/15E148 Safari/605.1.15`,
      'firefox://open-url?url=https%3A%2F%2Fsigill.example%2Fpay%2F4q8hX2kzTfS0cM7dLr1VbA%2Fback%3Fnonce%3Dn-0S6_WzA2Mj',
    ],
    ['Edge on iOS', `${IOS} Version/18.0 EdgiOS/131.0.2903.68 Mobile/15E148 Safari/605.1.15`, `microsoft-edge-${URL}`],
    ['Opera on iOS', `${IOS} Version/18.1 Mobile/15E148 Safari/604.1 OPT/5.2.1`, `touch-${URL}`],
    ['Facebook on iOS', `${IOS} Mobile/22B83 [FBAN/FBIOS;FBAV/490.0.0.55.107]`, URL],
    [
      'Chrome on Android',
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36',
      URL,
    ],
    [
      'Edge on Android',
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36 EdgA/131.0.0.0',
      URL,
    ],
    ['a browser that says nothing', '', URL],
  ])('%s', (_, userAgent, link) => {
    expect(returnLink(URL, userAgent)).toBe(link);
  });

  it('fits into the 512 characters that BankID takes', () => {
    const longest = `https://${'s'.repeat(63)}.${'s'.repeat(63)}.example/pay/${'x'.repeat(22)}/back?nonce=${'n'.repeat(43)}`;
    for (const mark of ['CriOS/1', 'FxiOS/1', 'EdgiOS/1', 'OPT/1']) {
      expect(returnLink(longest, mark).length).toBeLessThan(512);
    }
  });
});
