import { randomUUID } from 'node:crypto';
import type { LoggedIn, PushedLogin } from '../rp.ts';
import type { SiteParties } from '../site/parties.ts';
import type { Exchange, Recorder } from '../site/recorder.ts';

/** One login at the shop. */
export interface ShopLogin {
  readonly state: string;
  readonly pushed: PushedLogin;
  /** How it was pushed. */
  readonly push: readonly Exchange[];
  /** How the code was redeemed. */
  redemption?: readonly Exchange[];
  loggedIn?: LoggedIn;
  refusal?: string;
  /** What /userinfo said, and how it was asked. */
  person?: Readonly<Record<string, unknown>>;
  reading?: readonly Exchange[];
}

/** What happens behind "Log in with BankID". Logins live in memory, as the shop's payments do. */
export class ShopLogins {
  readonly #rp: SiteParties['rp'];
  readonly #recorder: Recorder;
  readonly #byState = new Map<string, ShopLogin>();

  constructor({ rp }: Pick<SiteParties, 'rp'>, recorder: Recorder) {
    this.#rp = rp;
    this.#recorder = recorder;
  }

  find(state: string): ShopLogin | undefined {
    return this.#byState.get(state);
  }

  /** Pushes a login and returns where to send the person. */
  async start(): Promise<URL> {
    const state = randomUUID();
    const pushing = this.#recorder.record(() => this.#rp.push({ parameters: { state } }));
    const { result: pushed, exchanges: push } = await pushing;
    this.#byState.set(state, { state, pushed: { ...pushed, state }, push });
    return pushed.authorizationUrl;
  }

  /** The person is back: redeems the code and asks who it is, or keeps the neutral reason of the refusal. */
  async receive(returned: URL): Promise<ShopLogin | undefined> {
    const login = this.find(returned.searchParams.get('state') ?? '');
    if (!login || login.loggedIn) return login;
    const error = returned.searchParams.get('error');
    if (error !== null) {
      login.refusal = returned.searchParams.get('error_description') ?? error;
      return login;
    }
    const redemption = await this.#recorder.record(() => this.#rp.redeem(returned, login.pushed));
    login.loggedIn = redemption.result;
    login.redemption = redemption.exchanges;
    const reading = await this.#recorder.record(() => this.#rp.userinfo(redemption.result));
    login.person = reading.result;
    login.reading = reading.exchanges;
    return login;
  }
}
