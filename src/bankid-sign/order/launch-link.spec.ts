import type { OrderStart } from '../sign-order.ts';
import { deviceOf, launchLink, platformOf, platformOfStart } from './launch-link.ts';

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
  it.each([
    ['an iPhone', iphone, 'ios'],
    ['an iPad that calls itself a Macintosh', ipad, 'ios'],
    ['an Android phone', android, 'android'],
    ['Windows', windows, 'desktop'],
    ['a Mac', mac, 'desktop'],
    ['a browser that says nothing', '', 'desktop'],
  ])('knows %s', (_, userAgent, platform) => {
    expect(platformOf(userAgent)).toBe(platform);
  });

  it('is the universal link on phones', () => {
    const link = 'https://app.bankid.com/?autostarttoken=46f6aa68-a520-49d8-9be7-f0726d038c26';
    expect(launchLink('46f6aa68-a520-49d8-9be7-f0726d038c26', 'ios')).toBe(link);
    expect(launchLink('46f6aa68-a520-49d8-9be7-f0726d038c26', 'android')).toBe(link);
  });

  it('is the scheme with a null redirect on computers', () => {
    expect(launchLink('46f6aa68', 'desktop')).toBe('bankid:///?autostarttoken=46f6aa68&redirect=null');
  });

  it('leads to the pretend app where the sandbox names one', () => {
    expect(launchLink('46f6aa68', 'desktop', 'http://localhost:3002/')).toBe(
      'http://localhost:3002/?autostarttoken=46f6aa68',
    );
  });
});
