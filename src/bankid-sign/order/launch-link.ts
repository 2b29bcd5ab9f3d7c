import type { OrderDevice, OrderStart, Platform } from '../sign-order.ts';

/** iPadOS identifies as a Macintosh; only Safari on a touch device adds "Mobile". */
const IOS = /iPhone|iPad|iPod|Macintosh.*Mobile\//;

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

/**
 * The link that starts the BankID app on the same device.
 * Phones use the universal link, computers the scheme; its redirect is `null` because the order has its returnUrl.
 * @param pretendAppUrl the sandbox's app, which opens in a browser on every platform; undefined for BankID's own app
 * @see BankID, Relying Party guidelines, "Autostart"
 */
export function launchLink(autoStartToken: string, platform: Platform, pretendAppUrl?: string): string {
  const token = encodeURIComponent(autoStartToken);
  if (pretendAppUrl !== undefined) return new URL(`?autostarttoken=${token}`, pretendAppUrl).href;
  return platform === 'desktop'
    ? `bankid:///?autostarttoken=${token}&redirect=null`
    : `https://app.bankid.com/?autostarttoken=${token}`;
}
