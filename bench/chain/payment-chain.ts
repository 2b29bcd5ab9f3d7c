import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import type { SandboxClient } from '../../sandbox/clients.ts';
import type { PayerBrowser, Page } from '../../sandbox/payer-browser.ts';
import { PretendApp } from '../../simulator/client.ts';
import { ClientKeys, newPkce, sha256 } from '../token/client-keys.ts';
import { payment } from '../payment.ts';
import { PatientBrowser } from './patient-browser.ts';
import { shownOn } from './shown-on.ts';
import { untilAdmitted } from './until-admitted.ts';

export interface PartiesFacts {
  readonly issuer: string;
  readonly appUrl: string;
  readonly tpp: SandboxClient;
  readonly bank: SandboxClient;
}

interface Redeemed {
  readonly accessToken: string;
  readonly consentId: string;
}

/** An invented person of the simulator with a test number. */
const PERSONAL_NUMBER = '199001012385';
/** As often as the script of the payer's page polls while there is no news. */
const PAGE_POLL_MS = 2_000;
const TIMEOUT_MS = 60_000;

/** A payment whose text the payer has before them in the app. */
export interface Opened {
  readonly browser: PayerBrowser;
  readonly orderId: string;
  readonly verifier: string;
}

/** A payment that was signed; the page does not say so yet. */
export interface Signed extends Opened {
  readonly signedAtMs: number;
  readonly page: Page;
}

/** Payments from the push to the consumption, by parties that wait for nothing but answers. */
export class PaymentChain {
  readonly #facts: PartiesFacts;
  readonly #tpp: ClientKeys;
  readonly #bank: ClientKeys;
  readonly #http: Pool;
  readonly #app: PretendApp;
  #bankToken = '';

  private constructor(facts: PartiesFacts) {
    this.#facts = facts;
    this.#tpp = new ClientKeys(facts.tpp.id, facts.tpp.privateJwk);
    this.#bank = new ClientKeys(facts.bank.id, facts.bank.privateJwk);
    this.#http = new Pool(facts.issuer, { connections: 64 });
    this.#app = new PretendApp(facts.appUrl);
  }

  /** The bank gets its own access token, which serves many consumptions. */
  static async open(facts: PartiesFacts): Promise<PaymentChain> {
    const chain = new PaymentChain(facts);
    const form = { ...chain.#bank.credentials(facts.issuer), grant_type: 'client_credentials', scope: 'consume' };
    chain.#bankToken = String((await chain.#postForm('/token', form, chain.#bank))['access_token']);
    return chain;
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  /**
   * A whole payment.
   * @returns how long it took from the signature to the page that says so
   * @throws Error when any step is not answered as it should be
   */
  async pay(thinkMs = 0): Promise<number> {
    const opened = await this.open();
    if (thinkMs > 0) await delay(thinkMs);
    const signed = await this.sign(opened);
    const signedToPageMs = await this.untilAuthorised(signed);
    const code = (await opened.browser.finish()).searchParams.get('code') ?? '';
    const token = await this.#redeem(code, opened.verifier);
    await this.#introspect(token);
    await this.#consume(token);
    return signedToPageMs;
  }

  /** Push, page, press, and the text in the app on the same device. */
  async open(): Promise<Opened> {
    const { verifier, challenge } = newPkce();
    const browser = new PatientBrowser();
    await browser.open(await this.push(challenge));
    const order = await this.#app.open(await browser.startOnThisDevice());
    return { browser, orderId: order.id, verifier };
  }

  /** The signature, and the way back. */
  async sign(opened: Opened): Promise<Signed> {
    const { returnUrl } = await this.#app.sign(opened.orderId, { personalNumber: PERSONAL_NUMBER });
    const signedAtMs = performance.now();
    return { ...opened, signedAtMs, page: await opened.browser.get(returnUrl ?? '') };
  }

  /** Milliseconds from the signature to the page that says so. */
  async untilAuthorised({ browser, page, signedAtMs }: Signed): Promise<number> {
    await untilAuthorised(browser, page);
    return performance.now() - signedAtMs;
  }

  /** Pushes a payment; returns where the payer's browser goes. */
  async push(challenge: string): Promise<URL> {
    const { issuer, tpp, bank } = this.#facts;
    const pushed = await this.#postForm(
      '/par',
      {
        ...this.#tpp.credentials(issuer),
        response_type: 'code',
        redirect_uri: tpp.redirectUri ?? '',
        code_challenge: challenge,
        code_challenge_method: 'S256',
        resource: bank.resource ?? '',
        authorization_details: JSON.stringify([payment]),
      },
      this.#tpp,
    );
    const query = new URLSearchParams({ client_id: tpp.id, request_uri: String(pushed['request_uri']) });
    return new URL(`/authorize?${query.toString()}`, issuer);
  }

  async #redeem(code: string, verifier: string): Promise<Redeemed> {
    const { issuer, tpp } = this.#facts;
    const redirect = { redirect_uri: tpp.redirectUri ?? '', code, code_verifier: verifier };
    const form = { ...this.#tpp.credentials(issuer), grant_type: 'authorization_code', ...redirect };
    const answer = await this.#postForm('/token', form, this.#tpp);
    const [details] = answer['authorization_details'] as { consent_id: string }[];
    return { accessToken: String(answer['access_token']), consentId: details?.consent_id ?? '' };
  }

  async #introspect({ accessToken }: Redeemed): Promise<void> {
    const form = { ...this.#bank.credentials(this.#facts.issuer), token: accessToken };
    const answer = await this.#postForm('/introspect', form);
    if (answer['active'] !== true) throw new Error('a token that was just issued is not active');
  }

  async #consume({ accessToken, consentId }: Redeemed): Promise<void> {
    const path = `/consents/${consentId}/consume`;
    const headers = {
      'content-type': 'application/json',
      authorization: `DPoP ${this.#bankToken}`,
      dpop: this.#bank.proof(`${this.#facts.issuer}${path}`, this.#bankToken),
    };
    const body = {
      accessTokenSha256: sha256(accessToken),
      payment,
      payer: { personalNumber: PERSONAL_NUMBER },
      paymentReference: randomUUID(),
    };
    await this.#post(path, headers, JSON.stringify(body));
  }

  #postForm(path: string, form: Record<string, string>, prover?: ClientKeys): Promise<Record<string, unknown>> {
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      ...(prover ? { dpop: prover.proof(`${this.#facts.issuer}${path}`) } : {}),
    };
    return this.#post(path, headers, new URLSearchParams(form).toString());
  }

  async #post(path: string, headers: Record<string, string>, body: string): Promise<Record<string, unknown>> {
    const answer = await untilAdmitted(() => this.#http.request({ method: 'POST', path, headers, body }));
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${path}: ${answer.statusCode} ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  }
}

/** Polls as the page's script does: each request waits for news, and a new version of the page is loaded. */
async function untilAuthorised(browser: PayerBrowser, page: Page): Promise<void> {
  const deadline = performance.now() + TIMEOUT_MS;
  let shown = shownOn(page);
  while (performance.now() < deadline && !isAuthorised(page)) {
    const begun = performance.now();
    const { version, rfa } = await browser.nextStatus(shown);
    const isNew = version !== shown.version;
    const isNews = isNew || rfa !== shown.rfa;
    if (isNew) page = await browser.get(browser.interactionPath);
    shown = isNew ? shownOn(page) : { version, rfa };
    if (!isNews) await delay(Math.max(0, begun + PAGE_POLL_MS - performance.now()));
  }
  if (!isAuthorised(page)) throw new Error('the payment was not authorised within a minute');
}

function isAuthorised({ body }: Page): boolean {
  return body.includes('data-view="authorised"');
}
