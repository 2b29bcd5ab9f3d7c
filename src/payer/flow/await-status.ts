import type { BrowserCookie } from '../../attempts/browser-cookie.ts';
import type { Patience } from '../../database/announcements.ts';
import { SECOND_MS } from '../../kernel/clock.ts';
import type { WaitingCaller } from '../http/waiting-caller.ts';
import { isShown, type StatusAnswer } from './status-answer.ts';
import type { WaitingPages } from './waiting-pages.ts';

/** Shorter than the 30 s after which our listener, and the 60 s after which a usual proxy, closes a silent connection. */
const WAIT_MS = 20 * SECOND_MS;

/** An interaction whose status a page waits for. */
export interface Watched<Bound extends { readonly cookie: BrowserCookie }> {
  /** The moment before a status is read. */
  readonly mark: () => number;
  /** @throws DomainError `browser.not-bound` */
  readonly check: () => Promise<Bound>;
  readonly answer: (bound: Bound) => Promise<StatusAnswer>;
  readonly next: (bound: Bound, mark: number, patience: Patience) => Promise<boolean>;
}

/**
 * How far it has come. A page that says what it shows is answered when it is to show something else, or after 20 s.
 * @throws DomainError `browser.not-bound`; `service.unavailable` when something happened and there is no place to look at it
 */
export async function awaitStatus<Bound extends { readonly cookie: BrowserCookie }>(
  { mark, check, answer, next }: Watched<Bound>,
  waiting: WaitingPages,
  { shown, signal }: WaitingCaller,
): Promise<StatusAnswer> {
  const until = performance.now() + WAIT_MS;
  for (;;) {
    const before = mark();
    const bound = await check();
    const status = await answer(bound);
    if (!isShown(status, shown)) return status;
    const patience = { ms: until - performance.now(), signal };
    if (!(await waiting.wait(bound.cookie, () => next(bound, before, patience)))) return status;
  }
}
