import type { AppConfig } from '../../config/config.ts';

/**
 * How other browsers than Safari are opened on iOS, by a mark of their own in the user agent: there an https link leads to the
 * default browser, which is not bound. Brave and the browsers inside other apps cannot be told apart from Safari, or have no link.
 */
const BROWSERS: readonly (readonly [mark: RegExp, link: (url: string) => string])[] = [
  [/\bCriOS\//, (url) => url.replace(/^http/, 'googlechrome')],
  [/\bFxiOS\//, (url) => `firefox://open-url?url=${encodeURIComponent(url)}`],
  [/\bEdgiOS\//, (url) => `microsoft-edge-${url}`],
  [/\bOPT\//, (url) => `touch-${url}`],
];

/** What makes the BankID app open this URL in the browser that asks. @see docs/app2app.md */
export function returnLink(url: string, userAgent: string): string {
  const found = BROWSERS.find(([mark]) => mark.test(userAgent));
  return found ? found[1](url) : url;
}

/** Where the BankID app leads back to, at this path of ours. The sandbox's app is a page in the person's own browser. */
export function wayBack(
  { issuer, bankid }: Pick<AppConfig, 'issuer' | 'bankid'>,
  path: string,
  userAgent: string,
): string {
  const url = `${issuer}${path}`;
  return bankid.appUrl === undefined ? returnLink(url, userAgent) : url;
}
