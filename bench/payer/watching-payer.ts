import { setTimeout as delay } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { PayerBrowser, type Method, type Page, type Sending, type Status } from '../../sandbox/payer-browser.ts';
import { shownOn } from '../chain/shown-on.ts';
import { untilAdmitted } from '../chain/until-admitted.ts';
import { loadFiles } from './page-files.ts';

/** As the script of the payer's page does both. */
const FRAME_MS = 1_000;
const POLL_MS = 2_000;
/** What the script asks for: it asks again at its next turn. A page that was turned away is loaded again. */
const OF_SCRIPT = /\/(?:qr|status)$/;

/** What happens to a payer. */
export interface Observer {
  frame(ms: number, status: number, isNew: boolean): void;
  status(status: number): void;
  lost(why: string): void;
}

export interface FirstPage {
  readonly firstByteMs: number;
  readonly bytes: number;
}

/** A payer in front of a QR code that is not scanned: the page asks for the code of each second, and waits for news of the status. */
export class WatchingPayer extends PayerBrowser {
  readonly #observer: Observer;
  #firstByteMs: number | undefined;
  #frame = '';

  constructor(observer: Observer) {
    super();
    this.#observer = observer;
  }

  /** The first page, with all its files. */
  async arrive(url: URL): Promise<FirstPage> {
    const page = await this.open(url);
    if (page.status !== 200) throw new Error(`the first page was answered ${page.status}`);
    const bytes = Buffer.byteLength(page.body) + (await loadFiles(page.url, page.body));
    return { firstByteMs: this.#firstByteMs ?? 0, bytes };
  }

  /** Presses for a QR code, and watches it until the process ends. */
  async watch(): Promise<void> {
    try {
      const page = await this.post(`${this.interactionPath}/start/other`);
      await Promise.all([this.#watchFrames(), this.#watchStatus(page)]);
    } catch (error) {
      this.#observer.lost(String(error));
    }
  }

  protected override async exchange(method: Method, url: URL, sending?: Sending): Promise<Dispatcher.ResponseData> {
    const begun = performance.now();
    const send = (): Promise<Dispatcher.ResponseData> => super.exchange(method, url, sending);
    const answer = await (OF_SCRIPT.test(url.pathname) ? send() : untilAdmitted(send));
    if (url.pathname.startsWith('/pay/')) this.#firstByteMs ??= performance.now() - begun;
    return answer;
  }

  async #watchFrames(): Promise<never> {
    for (let due = performance.now(); ;) {
      const { status, body } = await this.get(`${this.interactionPath}/qr`);
      const arrived = performance.now();
      this.#observer.frame(arrived - due, status, body !== this.#frame);
      this.#frame = body;
      await delay(FRAME_MS);
      due = arrived + FRAME_MS;
    }
  }

  async #watchStatus(page: Page): Promise<never> {
    for (let shown = shownOn(page); ;) {
      const begun = performance.now();
      const query = new URLSearchParams(shown);
      const { status, body } = await this.get(`${this.interactionPath}/status?${query.toString()}`);
      this.#observer.status(status);
      const answer = status === 200 ? (JSON.parse(body) as Status) : shown;
      if (answer.version !== shown.version) throw new Error(`the page is to show ${answer.version}`);
      const isNews = answer.rfa !== shown.rfa;
      shown = { version: answer.version, rfa: answer.rfa };
      if (!isNews) await delay(Math.max(0, begun + POLL_MS - performance.now()));
    }
  }
}
