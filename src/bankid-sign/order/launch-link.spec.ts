import { platformOf, launchLink } from './launch-link.ts';

const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148 Safari/604.1';
const ipad =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.4 Mobile/15E148 Safari/605.1.15';
const android = 'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36';
const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36';
const mac = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.1 Safari/605.1.15';

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
