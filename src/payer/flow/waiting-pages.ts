import { Injectable } from '@nestjs/common';
import type { BrowserCookie } from '../../attempts/browser-cookie.ts';
import { currentRequest } from '../../operations/current-request.ts';
import { Metrics } from '../../operations/metrics.ts';

/** Of one instance: half of the connections that a listener takes. */
const MAX_WAITING = 2_000;
/** A browser opens six connections to a server over HTTP/1.1; what waits on them must leave room for pages and QR codes. */
const MAX_OF_BROWSER = 2;

/** Requests of pages that wait for something to happen. They hold neither a database connection nor a place among those in hand. */
@Injectable()
export class WaitingPages {
  readonly #ofBrowser = new Map<BrowserCookie, number>();
  #count = 0;

  constructor(metrics: Metrics) {
    const help = "Requests of payers' pages that wait for BankID";
    metrics.addGauge('sigill_page_requests_waiting', help, () => Promise.resolve(this.#count));
  }

  /**
   * Runs `wait` where the limits allow it; otherwise false at once, and the page asks again.
   * @returns whether `wait` says that there is something to look at; the request has its place again then
   * @throws DomainError `service.unavailable` when there is no place
   */
  async wait(browser: BrowserCookie, wait: () => Promise<boolean>): Promise<boolean> {
    if (this.#count >= MAX_WAITING || this.#countOf(browser) >= MAX_OF_BROWSER) return false;
    const place = currentRequest()?.place;
    this.#add(browser, 1);
    place?.leave();
    try {
      if (!(await wait())) return false;
    } finally {
      this.#add(browser, -1);
    }
    place?.takeAgain();
    return true;
  }

  #countOf(browser: BrowserCookie): number {
    return this.#ofBrowser.get(browser) ?? 0;
  }

  #add(browser: BrowserCookie, difference: 1 | -1): void {
    this.#count += difference;
    const count = this.#countOf(browser) + difference;
    if (count === 0) this.#ofBrowser.delete(browser);
    else this.#ofBrowser.set(browser, count);
  }
}
