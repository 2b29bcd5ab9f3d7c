import type { Platform } from '../sign-order.ts';

/** iPadOS calls itself a Macintosh; only Safari on a touch device adds "Mobile" to that. */
const IOS = /iPhone|iPad|iPod|Macintosh.*Mobile\//;

/** What kind of device a browser says it runs on. Decides a link and a message, never a right. */
export function findPlatform(userAgent: string): Platform {
  if (IOS.test(userAgent)) return 'ios';
  return userAgent.includes('Android') ? 'android' : 'desktop';
}

/**
 * The link that starts the BankID app on the same device.
 * Phones take the universal link; computers the scheme, whose redirect stays `null` because the order has its returnUrl.
 * @param pretendAppUrl the sandbox's app, which opens in a browser on every platform; undefined for BankID's own
 * @see BankID, Relying Party guidelines, "Autostart"
 */
export function launchLink(autoStartToken: string, platform: Platform, pretendAppUrl?: string): string {
  const token = encodeURIComponent(autoStartToken);
  if (pretendAppUrl !== undefined) return new URL(`?autostarttoken=${token}`, pretendAppUrl).href;
  return platform === 'desktop'
    ? `bankid:///?autostarttoken=${token}&redirect=null`
    : `https://app.bankid.com/?autostarttoken=${token}`;
}
