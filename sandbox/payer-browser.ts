import { setTimeout as delay } from 'node:timers/promises';
import { parseSetCookie } from 'cookie';
import { request, type Dispatcher } from 'undici';

const POLL_MS = 50;

/** A page in the payer's browser. */
export interface Page {
  readonly status: number;
  readonly url: URL;
  readonly body: string;
}

/** The answer to the page's script: the page to show, and BankID's message. */
export interface Status {
  readonly view: string;
  readonly version: string;
  readonly rfa: string;
}

export type Method = 'GET' | 'HEAD' | 'POST';

export interface Sending {
  readonly form?: URLSearchParams;
  readonly signal?: AbortSignal;
}

/**
 * The payer's browser without scripts: keeps cookies, follows redirects of our own site, presses buttons and reads links.
 * The real browser has a test of its own; this one serves demo, benchmarks and tests of rights.
 */
export class PayerBrowser {
  readonly #cookies = new Map<string, string>();
  readonly #headers: Readonly<Record<string, string>>;
  #page: URL | undefined;

  constructor(headers: Readonly<Record<string, string>> = {}) {
    this.#headers = {
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) SigillSandbox/1',
      'accept-language': 'sv',
      ...headers,
    };
  }

  /** Goes where the TPP sends the payer, and ends on our page with the payment. */
  open(url: URL): Promise<Page> {
    return this.get(url);
  }

  /** Follows redirects within the origin. It stops at one to another origin, whose target is then `url`. */
  async get(target: URL | string, signal?: AbortSignal): Promise<Page> {
    return this.#send('GET', new URL(target, this.#page), signal ? { signal } : {});
  }

  /** Sends HEAD, as some proxies and previews do. */
  async head(target: URL | string): Promise<Page> {
    return this.#send('HEAD', new URL(target, this.#page));
  }

  /** Presses the button of the form that posts to `target`. */
  async post(target: URL | string, form: Readonly<Record<string, string>> = {}): Promise<Page> {
    return this.#send('POST', new URL(target, this.#page), { form: new URLSearchParams(form) });
  }

  /** The path of the interaction, `/pay/…` or `/login/…`, once a page of it was opened. */
  get interactionPath(): string {
    const match = /^\/(?:pay|login)\/[\w-]+/.exec(this.#page?.pathname ?? '');
    if (!match) throw new Error('the browser is not on a page of ours');
    return match[0];
  }

  /** Chooses this device and returns the link that opens the BankID app. */
  async startOnThisDevice(): Promise<string> {
    const page = await this.post(`${this.interactionPath}/start/this`);
    const href = /href="([^"]*autostarttoken=[^"]*)"/.exec(page.body)?.[1];
    if (href === undefined) throw new Error(`no launch link on the page (${page.status})`);
    return href.replaceAll('&amp;', '&');
  }

  /**
   * Polls as the page's script does: the answer comes when the page should show something else than `shown`, or after 20 s.
   * @throws Error if the service sheds the request; a script would poll again two seconds later
   */
  async nextStatus(shown: Pick<Status, 'version' | 'rfa'>, signal?: AbortSignal): Promise<Status> {
    const query = new URLSearchParams({ version: shown.version, rfa: shown.rfa });
    const page = await this.get(`${this.interactionPath}/status?${query.toString()}`, signal);
    if (page.status !== 200) throw new Error(`the status request was answered ${page.status}`);
    return JSON.parse(page.body) as Status;
  }

  /** Polls the status, more often than the page's script, until it names one of `views`. */
  async waitFor(...views: readonly string[]): Promise<string> {
    const deadline = performance.now() + 30_000;
    for (;;) {
      const page = await this.get(`${this.interactionPath}/status`);
      const view = (JSON.parse(page.body) as { view?: string }).view ?? '';
      if (views.includes(view)) return view;
      if (performance.now() > deadline) throw new Error(`waited for ${views.join(' or ')}, the page says ${view}`);
      await delay(POLL_MS);
    }
  }

  /** Returns to the TPP: the URL to which the browser was redirected. */
  async finish(): Promise<URL> {
    const ofPayment = this.interactionPath.replace(/^\/pay/, '');
    const page = await this.get(`/authorize${ofPayment}/return`);
    if (page.status !== 303) throw new Error(`the return was answered ${page.status}`);
    return page.url;
  }

  /** One request and its answer, whatever it is. */
  protected exchange(method: Method, url: URL, { form, signal }: Sending = {}): Promise<Dispatcher.ResponseData> {
    return request(url, {
      method,
      headers: {
        ...this.#headers,
        ...this.#cookieHeader(),
        ...(form ? { origin: url.origin, 'content-type': 'application/x-www-form-urlencoded' } : {}),
      },
      body: form?.toString() ?? null,
      signal: signal ?? null,
    });
  }

  async #send(method: Method, url: URL, sending: Sending = {}): Promise<Page> {
    const { statusCode, headers, body } = await this.exchange(method, url, sending);
    this.#keepCookies([headers['set-cookie'] ?? []].flat());
    const { location } = headers;
    if (typeof location !== 'string') return this.#arrive(statusCode, url, await body.text());
    const next = new URL(location, url);
    await body.dump();
    return next.origin === url.origin ? this.#send('GET', next) : { status: statusCode, url: next, body: '' };
  }

  #arrive(status: number, url: URL, body: string): Page {
    if (/^\/(?:pay|login)\//.test(url.pathname)) this.#page = url;
    return { status, url, body };
  }

  #cookieHeader(): Record<string, string> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return cookie === '' ? {} : { cookie };
  }

  #keepCookies(lines: readonly string[]): void {
    for (const line of lines) {
      const { name, value } = parseSetCookie(line);
      this.#cookies.set(name, value ?? '');
    }
  }
}
