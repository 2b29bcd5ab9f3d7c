import type { BrowserCookie } from '../../attempts/browser-cookie.ts';
import type { Patience } from '../../database/announcements.ts';
import { SECOND_MS } from '../../kernel/clock.ts';
import type { WaitingCaller } from '../http/waiting-caller.ts';
import { isShown, type StatusAnswer } from './status-answer.ts';
import type { WaitingPages } from './waiting-pages.ts';

/** Shorter than the 30 s after which our listener, and the 60 s after which a usual proxy, closes a silent connection. */
const WAIT_MS = 20 * SECOND_MS;
/** A page that shows a link asks again so soon that the link is renewed before it dies. */
const WAIT_WITH_LINK_MS = 10 * SECOND_MS;

/** An interaction whose status a page waits for. */
export interface Watched<Bound extends { readonly cookie: BrowserCookie }> {
  /** The moment before a status is read. */
  readonly mark: () => number;
  /** @throws DomainError `browser.not-bound` */
  readonly check: () => Promise<Bound>;
  /** @param keepsLink whether the link that opens BankID is to be renewed where it would die */
  readonly answer: (bound: Bound, keepsLink: boolean) => Promise<StatusAnswer>;
  readonly next: (bound: Bound, mark: number, patience: Patience) => Promise<boolean>;
}

/**
 * How far it has come. A page that says what it shows is answered when it is to show something else, or after 20 s, one with a link after 10 s.
 * @throws DomainError `browser.not-bound`; `service.unavailable` when something happened and there is no place to look at it
 */
export async function awaitStatus<Bound extends { readonly cookie: BrowserCookie }>(
  { mark, check, answer, next }: Watched<Bound>,
  waiting: WaitingPages,
  { shown, keepsLink, signal }: WaitingCaller,
): Promise<StatusAnswer> {
  const until = performance.now() + (keepsLink ? WAIT_WITH_LINK_MS : WAIT_MS);
  for (let isFirst = true; ; isFirst = false) {
    const before = mark();
    const bound = await check();
    // Later than when it asked, nothing is known of the page: the person may be on their way to the app.
    const status = await answer(bound, keepsLink && isFirst);
    if (!isShown(status, shown)) return status;
    const patience = { ms: until - performance.now(), signal };
    if (!(await waiting.wait(bound.cookie, () => next(bound, before, patience)))) return status;
  }
}
