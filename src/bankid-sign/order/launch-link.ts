import type { OrderDevice, OrderStart, Platform } from '../sign-order.ts';

/**
 * Browsers on an iPad call it a Macintosh unless their user asks for mobile pages. Those that name themselves are known by a name
 * that they have on iOS alone; Safari is not, and the payer's page tells it by its touch screen.
 */
const IOS = /iPhone|iPad|iPod|\b(?:CriOS|FxiOS|EdgiOS|OPT)\/|Macintosh.*Mobile\//;

/** Where Android's browsers take BankID's https address, these show the page there and do not open the app. */
const ANDROID_BY_SCHEME = /\b(?:Firefox|SamsungBrowser|EdgA)\//;

/** Which link opens the app: BankID's https address, or its own scheme. */
export type LinkKind = 'universal' | 'scheme';

/** The kind of device that a browser claims to run on. It decides a link and a message, never a right. */
export function platformOf(userAgent: string): Platform {
  if (IOS.test(userAgent)) return 'ios';
  return userAgent.includes('Android') ? 'android' : 'desktop';
}

/** The platform of whatever starts the order; undefined for a phone order. What an app says of itself comes before its user agent. */
export function platformOfStart(start: OrderStart): Platform | undefined {
  if (start.way === 'phone') return undefined;
  if (start.way === 'browser') return platformOf(start.userAgent);
  if (start.app) return platformOfSystem(start.app.deviceOS);
  return platformOf(start.web?.userAgent ?? start.userAgent ?? '');
}

/** An app's name and version of its system, e.g. `iOS 18.1`. */
function platformOfSystem(deviceOS: string): Platform {
  if (/^\s*i(?:Pad)?OS\b/i.test(deviceOS)) return 'ios';
  return /^\s*Android\b/i.test(deviceOS) ? 'android' : 'desktop';
}

export function deviceOf(start: OrderStart): OrderDevice {
  switch (start.way) {
    case 'browser':
      return start.device;
    case 'app':
      return 'this';
    case 'qr':
      return 'other';
    case 'phone':
      return 'call';
  }
}

/** @see docs/app2app.md, browser by browser */
export function linkKindOf(userAgent: string): LinkKind {
  const platform = platformOf(userAgent);
  const byScheme = platform === 'desktop' || (platform === 'android' && ANDROID_BY_SCHEME.test(userAgent));
  return byScheme ? 'scheme' : 'universal';
}

/**
 * The link that starts the BankID app on the same device. The redirect of the scheme is `null` because the order has its returnUrl.
 * @param pretendAppUrl the sandbox's app, which opens in a browser on every platform; undefined for BankID's own app
 * @see BankID, Relying Party guidelines, "Autostart"
 */
export function launchLink(autoStartToken: string, kind: LinkKind, pretendAppUrl?: string): string {
  const token = encodeURIComponent(autoStartToken);
  if (pretendAppUrl !== undefined) return new URL(`?autostarttoken=${token}`, pretendAppUrl).href;
  return kind === 'scheme'
    ? `bankid:///?autostarttoken=${token}&redirect=null`
    : `https://app.bankid.com/?autostarttoken=${token}`;
}
