import { readFileSync } from 'node:fs';

const shared = readFileSync(new URL('page.css', import.meta.url), 'utf8');

/** The stylesheet of a page for developers or auditors: the shared rules, then its own. Read once, sent as one file. */
export function pageStyle(own: URL): string {
  return `${shared}${readFileSync(own, 'utf8')}`;
}
