import { randomBytes } from 'node:crypto';
import { PayerBrowser } from '../../../sandbox/payer-browser.ts';
import { SandboxRp } from '../../../sandbox/rp.ts';
import type { Signer } from '../../../simulator/client.ts';
import type { RawAnswer } from '../parties/exchange.ts';
import { anna, callback } from '../parties/payment.ts';
import { newVerifier, RawClient, sha256, type Fields } from '../parties/raw-client.ts';
import { TestSystem, type TestSystemOptions } from '../system/system.ts';
import { SystemSteps } from '../system/system-steps.ts';

export const INFO = 'https://id.oidc.se/scope/naturalPersonInfo';
export const NUMBER = 'https://id.oidc.se/scope/naturalPersonNumber';
export const PERSONAL_NUMBER = 'https://id.oidc.se/claim/personalIdentityNumber';
export const COORDINATION_NUMBER = 'https://id.oidc.se/claim/coordinationNumber';

/** A login as its client asked for it. */
export interface RawLogin {
  /** Who asked. */
  readonly party: RawClient;
  readonly authorizationUrl: URL;
  readonly requestUri: string;
  readonly codeVerifier: string;
  readonly state: string;
}

/** The same with the code that its browser came back with. */
export interface CodedLogin extends RawLogin {
  readonly code: string;
  readonly browser: PayerBrowser;
}

/** Logins in the browser, from push to /userinfo: by a client library, and by hand, right or wrong. */
export class WebLoginSteps extends SystemSteps {
  /** By openid-client, which is always right. */
  readonly rp: SandboxRp;
  /** The same of a TPP that is registered for signed and encrypted answers. */
  readonly loginTpp: SandboxRp;

  private constructor(world: TestSystem, rp: SandboxRp, loginTpp: SandboxRp) {
    super(world);
    this.rp = rp;
    this.loginTpp = loginTpp;
  }

  static async start(options: TestSystemOptions = {}): Promise<WebLoginSteps> {
    const world = await TestSystem.start(options);
    const { issuer, clients } = world.system;
    const rp = await SandboxRp.connect(issuer, clients.rp);
    return new WebLoginSteps(world, rp, await SandboxRp.connect(issuer, clients.loginTpp));
  }

  /** The form of a login that is right. */
  loginFields(codeVerifier = newVerifier()): Record<string, string> {
    return {
      response_type: 'code',
      redirect_uri: callback,
      state: randomBytes(8).toString('hex'),
      nonce: randomBytes(8).toString('hex'),
      code_challenge: sha256(codeVerifier),
      code_challenge_method: 'S256',
      scope: `openid ${INFO} ${NUMBER}`,
    };
  }

  /** Pushes a login that is right, but for `changes`. */
  async push(changes: Fields = {}, party = this.parties.rp): Promise<RawLogin> {
    const codeVerifier = newVerifier();
    const fields = { ...this.loginFields(codeVerifier), ...changes };
    const { status, body } = await party.postAs('/par', fields);
    if (status !== 201) throw new Error(`the push answered ${status}: ${JSON.stringify(body)}`);
    const requestUri = String(body['request_uri']);
    const authorizationUrl = new URL('/authorize', party.issuer);
    authorizationUrl.search = new URLSearchParams({ client_id: party.id, request_uri: requestUri }).toString();
    return { party, codeVerifier, state: String(fields['state']), requestUri, authorizationUrl };
  }

  /** From our page to the page that shows the way back; Anna identifies herself unless told otherwise. */
  async identify(
    login: { readonly authorizationUrl: URL },
    signer: Signer = {},
    ...views: string[]
  ): Promise<PayerBrowser> {
    const { browser, orderId } = await this.world.openInApp(login as Parameters<TestSystem['openInApp']>[0]);
    const { returnUrl } = await this.world.app.sign(orderId, { personalNumber: anna, ...signer });
    if (returnUrl !== undefined) await browser.get(returnUrl);
    await browser.waitFor(...(views.length === 0 ? ['authorised'] : views));
    return browser;
  }

  async coded(changes: Fields = {}, party = this.parties.rp, signer: Signer = {}): Promise<CodedLogin> {
    const login = await this.push(changes, party);
    const browser = await this.identify(login, signer);
    return { ...login, browser, code: (await browser.finish()).searchParams.get('code') ?? '' };
  }

  /** @param changes of the form that redeems */
  redeem({ party, code, codeVerifier }: CodedLogin, changes: Fields = {}): Promise<RawAnswer> {
    return party.postAs('/token', { ...party.redemption(code, { codeVerifier }), ...changes });
  }

  async token(changes: Fields = {}, party = this.parties.rp): Promise<string> {
    return String((await this.redeem(await this.coded(changes, party))).body['access_token']);
  }

  userinfo(token: string, party = this.parties.rp, method = 'GET'): Promise<RawAnswer> {
    return party.call(token, method, '/userinfo');
  }
}
