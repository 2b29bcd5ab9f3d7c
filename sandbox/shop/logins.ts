import { randomUUID } from 'node:crypto';
import type { LoggedIn, PushedLogin, SandboxRp } from '../rp.ts';

/** One login at the shop. */
export interface ShopLogin {
  readonly state: string;
  readonly pushed: PushedLogin;
  loggedIn?: LoggedIn;
  refusal?: string;
  /** What /userinfo said. */
  person?: Readonly<Record<string, unknown>>;
}

/** What happens behind "Log in with BankID". Logins live in memory, as the shop's payments do. */
export class ShopLogins {
  readonly #rp: SandboxRp;
  readonly #byState = new Map<string, ShopLogin>();

  constructor(rp: SandboxRp) {
    this.#rp = rp;
  }

  find(state: string): ShopLogin | undefined {
    return this.#byState.get(state);
  }

  /** Pushes a login and returns where to send the person. */
  async start(): Promise<URL> {
    const state = randomUUID();
    const pushed = await this.#rp.push({ parameters: { state } });
    this.#byState.set(state, { state, pushed: { ...pushed, state } });
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
    login.loggedIn = await this.#rp.redeem(returned, login.pushed);
    login.person = await this.#rp.userinfo(login.loggedIn);
    return login;
  }
}
