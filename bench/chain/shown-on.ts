import type { Page, Status } from '../../sandbox/payer-browser.ts';

/** What a page shows, as its script reads it. */
export function shownOn({ body }: Page): Pick<Status, 'version' | 'rfa'> {
  const [version, rfa] = ['version', 'rfa'].map((name) => new RegExp(`data-${name}="([^"]*)"`).exec(body)?.[1] ?? '');
  return { version: version ?? '', rfa: rfa ?? '' };
}
