import { Pool } from 'undici';
import type { Child } from '../../sandbox/child.ts';
import { postgresCpuMs } from '../processor-time.ts';
import type { Usage } from './child-process.ts';
import { newPkce, type ClientKeys, type Pkce } from './client-keys.ts';
import { payment } from '../payment.ts';

export interface Facts {
  readonly name: string;
  readonly issuer: string;
  readonly controlUrl: string;
  readonly parPath: string;
  readonly authorizePath: string;
  readonly introspectPath: string;
  readonly tpp: ClientKeys;
  readonly bank: ClientKeys;
  readonly tppId: string;
  readonly resource: string;
  readonly redirectUri: string;
  readonly child: Child;
  /** Of the database server that all contenders share; they are measured one after the other. */
  readonly postgresPid: number;
}

export type TotalUsage = Usage & { readonly statements: number; readonly postgresCpuMs: number };

export interface Answer {
  readonly status: number;
  readonly location: string;
  readonly cookies: readonly string[];
  readonly body: string;
}

/** A push whose cryptography is done: what remains is the server's work. */
export interface PreparedPush {
  readonly form: string;
  readonly proof: string;
  readonly pkce: Pkce;
}

/** Where the payer's browser was sent. */
export interface Begun {
  readonly pkce: Pkce;
  readonly location: string;
  readonly cookie: string;
}

/** What remains after the payer's yes: the browser goes back and the code is redeemed. */
export interface PreparedFinish {
  readonly path: string;
  readonly cookie: string;
  readonly form: Readonly<Record<string, string>>;
  readonly proof: string;
}

/**
 * A server that is measured: push, redirect, return and redemption, four HTTP requests in all, and one for an introspection. What
 * the payer does in between is outside the clock.
 */
export abstract class Contender {
  readonly facts: Facts;
  readonly #http: Pool;
  readonly #control: Pool;

  constructor(facts: Facts) {
    this.facts = facts;
    this.#http = new Pool(facts.issuer, { connections: 64 });
    this.#control = new Pool(facts.controlUrl, { connections: 64 });
  }

  /** Says yes for the payer, and returns the way back: a path with its cookies. */
  abstract settle(begun: Begun): Promise<Pick<PreparedFinish, 'path' | 'cookie'>>;

  preparePush(): PreparedPush {
    const { tpp, issuer, parPath, redirectUri, resource } = this.facts;
    const pkce = newPkce();
    const form = {
      ...tpp.credentials(issuer),
      response_type: 'code',
      redirect_uri: redirectUri,
      code_challenge: pkce.challenge,
      code_challenge_method: 'S256',
      resource,
      authorization_details: JSON.stringify([payment]),
    };
    return { form: new URLSearchParams(form).toString(), proof: tpp.proof(`${issuer}${parPath}`), pkce };
  }

  /** The push, and the browser's redirect to the payer's page. */
  async begin({ form, proof, pkce }: PreparedPush): Promise<Begun> {
    const { parPath, authorizePath, tppId } = this.facts;
    const pushed = JSON.parse((await this.post(parPath, form, proof, 201)).body) as { request_uri: string };
    const query = new URLSearchParams({ client_id: tppId, request_uri: pushed.request_uri }).toString();
    const { location, cookies } = await this.get(`${authorizePath}?${query}`, '');
    return { pkce, location, cookie: cookies.join('; ') };
  }

  async prepareFinish(begun: Begun): Promise<PreparedFinish> {
    const { tpp, issuer, redirectUri } = this.facts;
    const back = await this.settle(begun);
    const form = { grant_type: 'authorization_code', redirect_uri: redirectUri, code_verifier: begun.pkce.verifier };
    return { ...back, form: { ...tpp.credentials(issuer), ...form }, proof: tpp.proof(`${issuer}/token`) };
  }

  /** The browser's way back, and the token for the code that it brings. */
  async finish({ path, cookie, form, proof }: PreparedFinish): Promise<string> {
    const { location } = await this.get(path, cookie);
    const code = new URL(location).searchParams.get('code') ?? '';
    const redeemed = await this.post('/token', new URLSearchParams({ ...form, code }).toString(), proof, 200);
    return (JSON.parse(redeemed.body) as { access_token: string }).access_token;
  }

  prepareIntrospection(token: string): string {
    return new URLSearchParams({ ...this.facts.bank.credentials(this.facts.issuer), token }).toString();
  }

  async introspect(form: string): Promise<void> {
    const { body } = await this.post(this.facts.introspectPath, form, undefined, 200);
    if (!body.includes('"active":true')) throw new Error(`${this.facts.name}: ${body}`);
  }

  async usage(): Promise<TotalUsage> {
    const own = JSON.parse(await this.control('/usage')) as Omit<TotalUsage, 'postgresCpuMs'>;
    return { ...own, postgresCpuMs: postgresCpuMs(this.facts.postgresPid) };
  }

  /** So far, of all clients of the database server. */
  async countFsyncs(): Promise<number> {
    return Number(await this.control('/fsyncs'));
  }

  async stop(): Promise<void> {
    await this.#http.destroy();
    await this.#control.destroy();
    await this.facts.child.stop();
  }

  protected async control(path: string): Promise<string> {
    const { statusCode, body } = await this.#control.request({ method: 'GET', path });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`${this.facts.name} ${path}: ${text}`);
    return text;
  }

  protected get(path: string, cookie: string): Promise<Answer> {
    return this.#send('GET', path, { headers: { cookie }, status: 303 });
  }

  protected post(path: string, form: string, proof: string | undefined, status: number): Promise<Answer> {
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      ...(proof === undefined ? {} : { dpop: proof }),
    };
    return this.#send('POST', path, { headers, body: form, status });
  }

  protected postAsBrowser(path: string, cookie: string): Promise<Answer> {
    return this.#send('POST', path, { headers: { cookie }, status: 303 });
  }

  async #send(
    method: 'GET' | 'POST',
    path: string,
    { headers, body, status }: { headers: Record<string, string>; body?: string; status: number },
  ): Promise<Answer> {
    const answer = await this.#http.request({ method, path, headers, ...(body === undefined ? {} : { body }) });
    const text = await answer.body.text();
    if (answer.statusCode !== status) throw new Error(`${this.facts.name} ${path}: ${answer.statusCode} ${text}`);
    const { location, 'set-cookie': set } = answer.headers;
    return {
      status: answer.statusCode,
      location: String(location ?? ''),
      cookies: (typeof set === 'string' ? [set] : (set ?? [])).map((cookie) => cookie.split(';')[0] ?? ''),
      body: text,
    };
  }
}

export class Ours extends Contender {
  async settle({ location }: Begun): Promise<Pick<PreparedFinish, 'path' | 'cookie'>> {
    const interaction = location.split('/').at(-1) ?? '';
    const cookie = await this.control(`/settle/${interaction}`);
    return { path: `/authorize/${interaction}/return`, cookie: `sigill=${cookie}` };
  }
}

export class Peer extends Contender {
  async settle({ location, cookie }: Begun): Promise<Pick<PreparedFinish, 'path' | 'cookie'>> {
    const finished = await this.postAsBrowser(location, cookie);
    return { path: new URL(finished.location, this.facts.issuer).pathname, cookie };
  }
}
