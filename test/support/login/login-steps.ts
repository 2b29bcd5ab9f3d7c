import { PretendApp, type Signer } from '../../../simulator/client.ts';
import { AuditTrail } from '../../../src/audit/audit-trail.ts';
import type { OrderStart } from '../../../src/bankid-sign/sign-order.ts';
import type { Client } from '../../../src/clients/clients.ts';
import { Database } from '../../../src/database/database.ts';
import { addMs, MINUTE_MS, systemClock } from '../../../src/kernel/clock.ts';
import type { LoginId } from '../../../src/kernel/ids.ts';
import type { PersonalNumber } from '../../../src/kernel/personal-number.ts';
import { Authentications } from '../../../src/login/authentications.ts';
import { LoginExpirySweeper } from '../../../src/login/expiry/expiry-sweeper.ts';
import type { AuthenticatedLogin, BegunLogin, Login, LoginRequest, LoginState } from '../../../src/login/login.ts';
import { Logins, type LoginProgress } from '../../../src/login/logins.ts';
import { LoginSettler } from '../../../src/login/settlement/login-settler.ts';
import type { Channel } from '../../../src/payment/channel.ts';
import { eventually } from '../eventually.ts';
import { quick, TestSystem, type TestSystemOptions } from '../system/system.ts';
import { SystemSteps } from '../system/system-steps.ts';
import { caller, nonceOf, starts, type BackchannelWay } from '../parties/backchannel-steps.ts';
import { anna } from '../parties/consent-steps.ts';

/** A client with an RP certificate of its own, as logins need it. */
export const portal: Client = caller;

/** How a login is asked for, where it is not for whoever comes. */
export type AskedLogin = Partial<LoginRequest> & { readonly start?: OrderStart };

/** Logins at the service's own services, step by step, without HTTP. */
export class LoginSteps extends SystemSteps {
  readonly app: PretendApp;

  private constructor(world: TestSystem) {
    super(world);
    this.app = new PretendApp(world.simulator.appUrl);
  }

  static async start(options: TestSystemOptions = {}): Promise<LoginSteps> {
    return new LoginSteps(await TestSystem.start({ timings: quick, simulator: { clock: systemClock }, ...options }));
  }

  get logins(): Logins {
    return this.get(Logins);
  }

  get sweeper(): LoginExpirySweeper {
    return this.get(LoginExpirySweeper);
  }

  /** A call names Anna, where nobody else is named. */
  request(way: LoginRequest['channel']['way'], { start, ...part }: AskedLogin = {}): LoginRequest {
    const now = this.clock.now();
    return {
      client: portal,
      channel: channelOf(way, start),
      scopes: ['openid', 'https://id.oidc.se/scope/naturalPersonInfo'],
      claims: undefined,
      nonce: undefined,
      bindingMessage: undefined,
      person: way === 'phone' ? anna : undefined,
      requestedAt: now,
      expiresAt: addMs(now, 3 * MINUTE_MS),
      ...part,
    };
  }

  /** Stored and not sent. */
  begin(way: BackchannelWay, part: AskedLogin = {}): Promise<BegunLogin> {
    const { start = starts[way] } = part;
    const request = this.request(way, part);
    return this.get(Database).inTransaction((tx) => this.logins.begin(tx, request, { start, language: 'sv' }));
  }

  async ask(way: BackchannelWay, part: AskedLogin = {}): Promise<BegunLogin> {
    const begun = await this.begin(way, part);
    await this.logins.send(begun);
    return begun;
  }

  /** The order as the pretend app names it once its person has opened it. */
  async openInApp(begun: BegunLogin, person: PersonalNumber = anna): Promise<string> {
    const { progress } = await this.state(begun);
    if (progress?.way === 'phone') {
      const { id } = await this.app.openFor(person);
      return (await this.app.answerCall(id, true)).id;
    }
    if (progress?.way === 'qr') {
      const frame = await this.logins.findQrFrame(begun.loginId);
      return (await this.app.scan(frame ?? 'no frame')).id;
    }
    return (await this.app.open((await this.logins.findLaunchLink(begun.loginId, '')) ?? 'no link')).id;
  }

  /** Opens and identifies; the nonce with which BankID returns to an app. */
  async identify(begun: BegunLogin, signer: Signer = {}): Promise<string | undefined> {
    const { returnUrl } = await this.app.sign(await this.openInApp(begun), signer);
    return returnUrl === undefined ? undefined : nonceOf(returnUrl);
  }

  async authenticated(way: BackchannelWay = 'qr', part: AskedLogin = {}): Promise<BegunLogin> {
    const begun = await this.ask(way, part);
    const nonce = await this.identify(begun);
    if (nonce !== undefined) await this.logins.recordReturn(begun.loginId, nonce);
    await this.until(begun, 'authenticated');
    return begun;
  }

  async state({ loginId }: Pick<BegunLogin, 'loginId'>): Promise<LoginProgress> {
    const state = await this.logins.findState(loginId);
    if (!state) throw new Error('there is no such login');
    return state;
  }

  until(begun: Pick<BegunLogin, 'loginId'>, state: LoginState): Promise<Login> {
    return eventually(async () => {
      const { login } = await this.state(begun);
      return login.state === state ? login : undefined;
    });
  }

  findAuthenticated(loginId: LoginId): Promise<AuthenticatedLogin | undefined> {
    return this.get(Authentications).findAuthenticated(loginId);
  }

  /** One round of the settler, and all that it has taken on. */
  async settle(): Promise<void> {
    const settler = this.get(LoginSettler);
    await settler.runOnce();
    await settler.settleInHand();
  }

  async events({
    subject,
  }: Pick<BegunLogin, 'subject'>): Promise<{ readonly type: string; readonly detail: object }[]> {
    const events = await this.get(AuditTrail).listEvents(subject);
    return events.map(({ event }) => JSON.parse(event) as { type: string; detail: object });
  }

  /** The evidence of a login, as its rows say. */
  async evidenceKinds({ loginId }: Pick<BegunLogin, 'loginId'>): Promise<unknown[]> {
    const rows = await this.database.asOwner(
      'select kind, indication from identification where login_id = $1 order by stored_at',
      [loginId],
    );
    return rows.map(({ kind, indication }) => `${String(kind)} ${String(indication)}`);
  }

  /** What became of its orders: the state, and the outcome of one that is settled. */
  async orderStates({ loginId }: Pick<BegunLogin, 'loginId'>): Promise<unknown[]> {
    const sql = `select concat_ws(': ', state, outcome) as state from sign_order where order_group = $1 order by seq`;
    return (await this.database.asOwner(sql, [loginId])).map(({ state }) => state);
  }
}

function channelOf(way: Channel['way'], start?: OrderStart): Channel {
  if (way !== 'phone') return { way };
  return { way, callInitiator: start?.way === 'phone' ? start.callInitiator : 'user' };
}
