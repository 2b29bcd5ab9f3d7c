import { randomUUID } from 'node:crypto';
import * as oauth from 'openid-client';
import { ExportRefused, orderedId, type OrderWords } from '../export-order.ts';
import { textOrEmpty, type Answer } from '../oauth-client.ts';
import type { SiteBank } from '../site/parties.ts';
import type { Exchange, Recorder } from '../site/recorder.ts';

/** An order of signatures, and what was sent about it. */
export interface SignatureOrder {
  readonly exportId: string;
  readonly bank: SiteBank;
  readonly exchanges: readonly Exchange[];
  /** The service's word for the last refusal. */
  readonly refusal: string | undefined;
}

/** A person is at the bank's provider. */
interface OpenLogin {
  readonly bank: SiteBank;
  readonly config: oauth.Configuration;
  readonly verifier: string;
  readonly nonce: string;
  readonly purpose:
    { readonly kind: 'order'; readonly words: OrderWords } | { readonly kind: 'approve'; readonly exportId: string };
}

/** Orders of signatures, by an auditor's client and two persons of the bank, who log in at the bank's provider. */
export class SignatureOrders {
  readonly #recorder: Recorder;
  readonly #returnUri: string;
  readonly #orders = new Map<string, SignatureOrder>();
  readonly #logins = new Map<string, OpenLogin>();

  constructor(recorder: Recorder, returnUri: string) {
    this.#recorder = recorder;
    this.#returnUri = returnUri;
  }

  find(exportId: string): SignatureOrder | undefined {
    return this.#orders.get(exportId);
  }

  list(): readonly SignatureOrder[] {
    return [...this.#orders.values()];
  }

  /**
   * Orders, or asks first who orders.
   * @returns where the browser goes
   * @throws ExportRefused
   */
  async place(bank: SiteBank, words: OrderWords): Promise<URL | string> {
    const answer = await this.#order(bank, words);
    if (answer.body['code'] !== 'export.requester-needed') return this.#ordered(bank, answer);
    return this.#askPerson(bank, answer, { kind: 'order', words });
  }

  /** @returns where the approver logs in */
  async askApprover({ exportId, bank }: SignatureOrder): Promise<URL> {
    const { result } = await this.#send(bank, 'GET', `/exports/${exportId}/approval`);
    return this.#askPerson(bank, result, { kind: 'approve', exportId });
  }

  /** How far an order has come. */
  async read({ exportId, bank }: SignatureOrder): Promise<Answer> {
    const token = await bank.auditor.party.machineToken('exports');
    return bank.auditor.party.request(token, 'GET', `/exports/${exportId}`, undefined, { prefer: 'wait=2' });
  }

  async fetch({ exportId, bank }: SignatureOrder): Promise<Response> {
    const token = await bank.auditor.party.machineToken('exports');
    return bank.auditor.party.fetch(token, 'GET', `/exports/${exportId}/content`, new Headers());
  }

  /**
   * The browser comes back from a provider.
   * @returns where it goes on; undefined for a login that was not begun here
   * @throws ExportRefused
   */
  async receive(back: URL): Promise<string | undefined> {
    const state = back.searchParams.get('state') ?? '';
    const login = this.#logins.get(state);
    if (!login || !this.#logins.delete(state)) return undefined;
    const { bank, purpose } = login;
    const idToken = await this.#redeem(login, back, state);
    if (purpose.kind === 'order') {
      if (idToken === undefined) throw new ExportRefused('access_denied');
      return this.#ordered(bank, await this.#order(bank, { ...purpose.words, requesterToken: idToken }));
    }
    if (idToken !== undefined) await this.#approve(bank, purpose.exportId, idToken);
    return `/auditor/orders/${purpose.exportId}`;
  }

  async #order(bank: SiteBank, words: OrderWords): Promise<Answer> {
    return (await this.#send(bank, 'POST', '/exports', words)).result;
  }

  #ordered(bank: SiteBank, answer: Answer): string {
    const exportId = orderedId(answer);
    this.#orders.set(exportId, { exportId, bank, exchanges: [], refusal: undefined });
    return `/auditor/orders/${exportId}`;
  }

  async #approve(bank: SiteBank, exportId: string, idToken: string): Promise<void> {
    const { result, exchanges } = await this.#send(bank, 'POST', `/exports/${exportId}/approval`, { idToken });
    const refusal = result.status < 400 ? undefined : textOrEmpty(result.body['code']);
    this.#orders.set(exportId, { exportId, bank, exchanges, refusal });
  }

  #send(bank: SiteBank, method: string, path: string, body?: OrderWords) {
    const { party } = bank.auditor;
    return this.#recorder.record(async () => party.request(await party.machineToken('exports'), method, path, body));
  }

  async #askPerson(bank: SiteBank, { body }: Answer, purpose: OpenLogin['purpose']): Promise<URL> {
    const [issuer, clientId, nonce] = [body['issuer'], body['clientId'], body['nonce']].map(textOrEmpty);
    const config = await oauth.discovery(new URL(issuer ?? ''), clientId ?? '', undefined, oauth.None(), {
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- the sandbox speaks plain http on loopback
      execute: [oauth.allowInsecureRequests],
    });
    const [verifier, state] = [oauth.randomPKCECodeVerifier(), randomUUID()];
    this.#logins.set(state, { bank, config, verifier, nonce: nonce ?? '', purpose });
    return oauth.buildAuthorizationUrl(config, {
      redirect_uri: this.#returnUri,
      scope: 'openid',
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce: nonce ?? '',
      prompt: 'login',
      max_age: '300',
    });
  }

  /** Undefined where the person cancelled. */
  async #redeem({ config, verifier, nonce }: OpenLogin, back: URL, state: string): Promise<string | undefined> {
    try {
      const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, maxAge: 300 };
      return (await oauth.authorizationCodeGrant(config, back, { ...checks, idTokenExpected: true })).id_token;
    } catch (error) {
      if (error instanceof oauth.AuthorizationResponseError) return undefined;
      throw error;
    }
  }
}
