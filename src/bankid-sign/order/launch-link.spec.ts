import type { OrderStart } from '../sign-order.ts';
import { deviceOf, launchLink, linkKindOf, platformOf, platformOfStart } from './launch-link.ts';

const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148 Safari/604.1';
const ipad =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.4 Mobile/15E148 Safari/605.1.15';
const android = 'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36';
const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36';
const mac = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.1 Safari/605.1.15';

describe('how an order is started', () => {
  const app = { appIdentifier: 'se.example', deviceOS: 'iOS 18.1', deviceModelName: 'x', deviceIdentifier: 'x' };
  const web = { referringDomain: 'a.example', userAgent: android, deviceIdentifier: 'x' };
  const own = { way: 'app', endUserIp: '192.0.2.7', returnUrl: 'https://a.example' } as const;
  const page = { ...own, way: 'browser', userAgent: iphone, deviceIdentifier: 'x' } as const;

  it.each<[string, OrderStart, string, string | undefined]>([
    ['our page', { ...page, device: 'this' }, 'this', 'ios'],
    ['a QR code of ours', { ...page, device: 'other' }, 'other', 'ios'],
    ['an app that names its system', { ...own, app, userAgent: android }, 'this', 'ios'],
    ['an app on an iPad', { ...own, app: { ...app, deviceOS: 'iPadOS 17' } }, 'this', 'ios'],
    ['an app on Android', { ...own, app: { ...app, deviceOS: 'ANDROID 15' } }, 'this', 'android'],
    ['an app on Windows', { ...own, app: { ...app, deviceOS: 'Windows 11' } }, 'this', 'desktop'],
    ['an app that is a page', { ...own, web, userAgent: iphone }, 'this', 'android'],
    ['an app with a user agent', { ...own, userAgent: iphone }, 'this', 'ios'],
    ['an app that says nothing', own, 'this', 'desktop'],
    ['a QR code of a TPP', { way: 'qr', endUserIp: '192.0.2.7', web }, 'other', 'android'],
    ['a call', { way: 'phone', callInitiator: 'RP' }, 'call', undefined],
  ])('from %s says where BankID is, and on what platform', (_, start, device, platform) => {
    expect([deviceOf(start), platformOfStart(start)]).toEqual([device, platform]);
  });
});

describe('the launch link', () => {
  const ios = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
  const macintosh = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)';
  const pixel = 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)';

  it.each([
    ['Safari on an iPhone', iphone, 'ios', 'universal'],
    ['Safari on an iPad that asks for mobile pages', ipad, 'ios', 'universal'],
    ['Chrome on iOS', `${ios} CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1`, 'ios', 'universal'],
    [
      'Chrome on an iPad that calls itself a Macintosh',
      `${macintosh} CriOS/131 Version/17.4 Safari`,
      'ios',
      'universal',
    ],
    [
      'Firefox on an iPad that calls itself a Macintosh',
      `${macintosh} FxiOS/133.0 Safari/605.1.15`,
      'ios',
      'universal',
    ],
    ['Edge on an iPad that calls itself a Macintosh', `${macintosh} EdgiOS/131.0 Safari/605.1.15`, 'ios', 'universal'],
    ['Opera on an iPad that calls itself a Macintosh', `${macintosh} Safari/605.1.15 OPT/5.2.1`, 'ios', 'universal'],
    ['Facebook on iOS', `${ios} Mobile/22B83 [FBAN/FBIOS;FBAV/490.0.0.55.107]`, 'ios', 'universal'],
    ['Chrome on Android', android, 'android', 'universal'],
    ['Opera on Android', `${pixel} Chrome/130.0.0.0 Mobile Safari/537.36 OPR/86.0.0.0`, 'android', 'universal'],
    [
      'Facebook on Android',
      `${pixel} Version/4.0 Chrome/131.0 Mobile Safari/537.36 [FB_IAB/FB4A]`,
      'android',
      'universal',
    ],
    ['Firefox on Android', 'Mozilla/5.0 (Android 15; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0', 'android', 'scheme'],
    ['Samsung Internet', `${pixel} SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36`, 'android', 'scheme'],
    ['Edge on Android', `${pixel} Chrome/131.0.0.0 Mobile Safari/537.36 EdgA/131.0.0.0`, 'android', 'scheme'],
    ['Chrome on Windows', windows, 'desktop', 'scheme'],
    ['Edge on Windows', `${windows} Edg/131.0.0.0`, 'desktop', 'scheme'],
    [
      'Firefox on Windows',
      'Mozilla/5.0 (Windows NT 10.0; Win64; rv:133.0) Gecko/20100101 Firefox/133.0',
      'desktop',
      'scheme',
    ],
    ['Safari on a Mac', mac, 'desktop', 'scheme'],
    [
      'Safari on an iPad that calls itself a Macintosh',
      `${macintosh} Version/18.1 Safari/605.1.15`,
      'desktop',
      'scheme',
    ],
    ['a browser that says nothing', '', 'desktop', 'scheme'],
  ])('of %s', (_, userAgent, platform, kind) => {
    expect([platformOf(userAgent), linkKindOf(userAgent)]).toEqual([platform, kind]);
  });

  it('is BankID’s https address, or its scheme with a null redirect', () => {
    const token = '46f6aa68-a520-49d8-9be7-f0726d038c26';
    expect(launchLink(token, 'universal')).toBe(`https://app.bankid.com/?autostarttoken=${token}`);
    expect(launchLink(token, 'scheme')).toBe(`bankid:///?autostarttoken=${token}&redirect=null`);
  });

  it('leads to the pretend app where the sandbox names one', () => {
    expect(launchLink('46f6aa68', 'scheme', 'http://localhost:3002/')).toBe(
      'http://localhost:3002/?autostarttoken=46f6aa68',
    );
  });
});
