import { setTimeout as delay } from 'node:timers/promises';
import { parseSetCookie } from 'cookie';
import type { BrowserCommand, BrowserScript, BrowserTask } from '../../../sandbox/suite.ts';

/** What the suite's own page shows when the browser has come back to it. */
const AT_THE_SUITE = '<div id="submission_complete"></div>';

/** A page as it was loaded. */
export interface Shown {
  readonly url: URL;
  readonly status: number;
  readonly body: string;
}

/**
 * The commands that the OpenID Foundation's suite gives its browser, on plain HTTP and HTML: no script of the page runs, and a
 * page is loaded again only when it says so to browsers without scripts. It does not leave the service: an address elsewhere is
 * where it ends, as if the suite were there.
 */
export class ScriptedBrowser {
  readonly #scripts: readonly BrowserScript[];
  readonly #used = new Map<BrowserScript, number>();
  readonly #origin: string;
  readonly #cookies = new Map<string, string>();
  readonly #unfolded = new Set<string>();
  #page: Shown;

  constructor(scripts: readonly BrowserScript[], issuer: string) {
    this.#scripts = scripts;
    this.#origin = new URL(issuer).origin;
    this.#page = { url: new URL(issuer), status: 0, body: '' };
  }

  /** Does what the first script for this address says; returns the page that it ends on. */
  async visit(url: URL): Promise<Shown> {
    const script = this.#scripts.find((one) => isLike(one.match, url.href) && this.#mayRunAgain(one));
    if (!script) throw new Error(`no script for ${url.pathname}: a person would have to go there`);
    this.#used.set(script, (this.#used.get(script) ?? 0) + 1);
    await this.#load('GET', url);
    for (const task of script.tasks) await this.#perform(task);
    return this.#page;
  }

  /** As where the suite begins each visit with an empty profile. */
  forgetCookies(): void {
    this.#cookies.clear();
  }

  #mayRunAgain(script: BrowserScript): boolean {
    return (this.#used.get(script) ?? 0) < (script['match-limit'] ?? Infinity);
  }

  async #perform({ task, match, optional, commands = [] }: BrowserTask): Promise<void> {
    if (!isLike(match, this.#page.url.href)) {
      if (optional) return;
      throw new Error(`"${task}" is not for ${this.#page.url.pathname}`);
    }
    for (const command of commands) await this.#execute(command);
  }

  async #execute([what, by, value, ...rest]: BrowserCommand): Promise<void> {
    if (by !== 'id') throw new Error(`this browser finds elements by id, not by ${by}`);
    if (what === 'click') return this.#click(value);
    if (what !== 'wait') throw new Error(`this browser cannot ${what}`);
    const [seconds, pattern] = rest;
    await this.#wait(value, Number(seconds), new RegExp(String(pattern ?? ''), 's'));
  }

  async #click(id: string): Promise<void> {
    const { body, url } = this.#page;
    const folded = [...body.matchAll(/<details\b.*?<\/details>/gs)].find(([details]) =>
      details.includes(` id="${id}"`),
    );
    if (folded && tagOf(folded[0], 'summary', id) !== undefined) return void this.#unfolded.add(folded[0]);
    if (folded && !this.#unfolded.has(folded[0])) throw new Error(`${id} is not shown on ${url.pathname} yet`);
    const link = tagOf(body, 'a', id);
    if (link !== undefined) return this.#load('GET', new URL(attribute(link, 'href'), url));
    const forms = body.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs);
    const form = [...forms].find(([, , inside = '']) => tagOf(inside, 'button', id) !== undefined);
    if (!form) throw new Error(`nothing to press is called ${id} on ${url.pathname}`);
    await this.#load('POST', new URL(attribute(form[1] ?? '', 'action'), url));
  }

  async #wait(id: string, seconds: number, pattern: RegExp): Promise<void> {
    const deadline = performance.now() + seconds * 1000;
    for (;;) {
      const element = new RegExp(`<\\w+\\b[^>]*\\bid="${id}"[^>]*>([^<]*)`).exec(this.#page.body);
      if (element && pattern.test(element[1] ?? '')) return;
      const refresh = /<noscript><meta http-equiv="refresh" content="(\d+)"/.exec(this.#page.body)?.[1];
      if (refresh === undefined || performance.now() > deadline) {
        throw new Error(`waited for ${id}; the page is ${this.#page.body.slice(0, 2000)}`);
      }
      await delay(Number(refresh) * 1000);
      await this.#load('GET', this.#page.url);
    }
  }

  async #load(method: 'GET' | 'POST', url: URL): Promise<void> {
    if (url.origin !== this.#origin) {
      this.#page = { url, status: 200, body: AT_THE_SUITE };
      return;
    }
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = {
      'user-agent': 'Mozilla/5.0 (no scripts)',
      ...(cookie === '' ? {} : { cookie }),
      ...(method === 'POST' ? { origin: this.#origin } : {}),
    };
    const response = await fetch(url, { method, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const { name, value } = parseSetCookie(line);
      this.#cookies.set(name, value ?? '');
    }
    const body = await response.text();
    const location = response.headers.get('location');
    if (location !== null) return this.#load('GET', new URL(location, url));
    this.#page = { url, status: response.status, body };
  }
}

/** As the suite matches: a `*` stands for anything. */
export function isLike(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`).test(text);
}

function tagOf(html: string, name: string, id: string): string | undefined {
  const tags = html.matchAll(new RegExp(`<${name}\\b([^>]*)>`, 'g'));
  return [...tags].map(([, inside = '']) => inside).find((inside) => inside.includes(`id="${id}"`));
}

function attribute(tag: string, name: string): string {
  return (new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '').replaceAll('&amp;', '&');
}
