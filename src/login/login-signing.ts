import { Injectable } from '@nestjs/common';
import type { BrowserCookie } from '../attempts/browser-cookie.ts';
import type { Progress } from '../bankid-sign/sign-order.ts';
import { SignOrders } from '../bankid-sign/sign-orders.ts';
import type { Patience } from '../database/announcements.ts';
import { DomainError } from '../kernel/errors.ts';
import type { InteractionId } from '../kernel/ids.ts';
import { AttemptLedger } from './browser/attempt-ledger.ts';
import { BrowserPresses } from './browser/browser-presses.ts';
import { MAX_FAILED_ATTEMPTS, type BoundLogin, type Login, type WatchedLogin } from './login.ts';
import type { LoginPress, LoginPressRequest } from './login-press.ts';
import { LoginInteractions } from './login-interactions.ts';
import { Starts } from './press/starts.ts';

/** The progress of a login, for its own browser. */
export interface LoginStatus {
  readonly login: Login;
  /** Of the latest order; undefined if there was none. */
  readonly progress: Progress | undefined;
  readonly attemptsLeft: number;
  /** Presses before this time are refused. */
  readonly pausedUntil: Date | undefined;
}

/** Places orders at BankID when the person presses the button on our page, and shows their progress. */
@Injectable()
export class LoginSigning {
  constructor(
    private readonly orders: SignOrders,
    private readonly presses: BrowserPresses,
    private readonly ledger: AttemptLedger,
    private readonly interactions: LoginInteractions,
    private readonly starts: Starts,
  ) {}

  /**
   * Enters a press of the button, and stores its order. The first press binds the browser, also where a limit refuses it.
   * @throws DomainError `browser.not-bound`, `browser.too-late`, `login.not-awaiting`; `order.already-open` while a signature waits for
   *   its verdict
   */
  async press(
    browser: { readonly interactionId: InteractionId; readonly cookie: BrowserCookie },
    request: LoginPressRequest,
  ): Promise<LoginPress> {
    const press = await this.presses.enter(browser, request);
    if (press) return press;
    await this.interactions.getBegun(browser.interactionId, browser.cookie);
    throw new DomainError('login.not-awaiting');
  }

  /**
   * Makes the order of a press at BankID; one that is open already is withdrawn first.
   * @throws DomainError `login.attempts-exhausted`; `login.too-many-orders` with the time to wait
   * @throws DomainError `order.already-open`, `bankid.already-in-progress`, `bankid.refused`, `bankid.unavailable`
   */
  async startSigning(press: LoginPress): Promise<void> {
    if ('refused' in press) throw press.refused;
    const { order, unsent } = press;
    try {
      await (unsent ? this.orders.sendOrder(unsent) : this.orders.placeOrder(order));
    } catch (error) {
      await this.ledger.giveUp(press.login, press.attemptId, error instanceof DomainError ? error.code : 'internal');
      throw error;
    }
  }

  /** The progress as it is now, of a login that was read before. */
  async getStatus(bound: BoundLogin): Promise<LoginStatus> {
    return this.statusOf({ ...bound, progress: await this.orders.findProgress(bound.login.loginId) });
  }

  /** What the limits allow is looked up only if the person could press; if no press is left, the login ends. */
  async statusOf({ login, progress }: WatchedLogin): Promise<LoginStatus> {
    const canPress = login.state === 'awaiting' && (progress === undefined || progress.state === 'failed');
    const allowance = canPress ? await this.ledger.getAllowance(login) : undefined;
    const attempts = MAX_FAILED_ATTEMPTS - login.failedAttempts;
    return {
      login,
      progress,
      attemptsLeft: allowance ? Math.min(attempts, allowance.pressesLeft) : attempts,
      pausedUntil: allowance?.pausedUntil,
    };
  }

  /**
   * The status, with a link of an order that BankID still lets it start: for a page that is looked at. After the time to answer nothing
   * is ordered any more.
   */
  async getLaunchable(watched: WatchedLogin): Promise<LoginStatus> {
    const status = await this.statusOf(watched);
    const isRenewed = status.progress && (await this.starts.keepLaunchable(watched.login, status.progress));
    return isRenewed ? this.getStatus(watched) : status;
  }

  /** The moment before a status is read. */
  mark(): number {
    return this.orders.mark();
  }

  /** Waits until the status may be another than the one that was read after `mark`. False when there is no reason to read it again. */
  nextStatus({ login }: BoundLogin, mark: number, patience: Patience): Promise<boolean> {
    return this.orders.nextProgress(login.loginId, mark, patience);
  }

  /** Withdraws the open order; the login keeps waiting, and no attempt is lost. @throws DomainError `bankid.unavailable` */
  async cancelSigning({ login }: BoundLogin): Promise<void> {
    await this.ledger.recordCancel(login);
    await this.orders.cancelOrder(login.loginId);
  }

  /** This second's QR code, only for the bound browser. With its progress, it is not read again. */
  findQrFrame({ login, progress }: BoundLogin & Partial<WatchedLogin>): Promise<string | undefined> {
    return this.starts.findQrFrame(login.loginId, progress?.scan);
  }

  /** The link that starts the BankID app, only for the bound browser; undefined when there is nothing to start. */
  launchLink({ progress }: LoginStatus, userAgent: string): string | undefined {
    return progress && this.orders.launchLink(progress, userAgent);
  }

  /** The BankID app opened the returnUrl in the bound browser. Without a nonce, or with another one, nothing happens. */
  async recordReturn({ login }: BoundLogin, nonce: string | undefined): Promise<void> {
    if (nonce !== undefined) await this.starts.recordReturn(login.loginId, nonce, 'browser.returned');
  }
}
