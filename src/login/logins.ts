import { Injectable } from '@nestjs/common';
import type { Progress } from '../bankid-sign/sign-order.ts';
import { SignOrders } from '../bankid-sign/sign-orders.ts';
import type { Patience } from '../database/announcements.ts';
import type { Tx } from '../database/database.ts';
import type { LoginId } from '../kernel/ids.ts';
import { Expiry } from './expiry/expiry.ts';
import {
  neutralLoginReason,
  type BegunLogin,
  type Login,
  type LoginRequest,
  type LoginTerms,
  type NamedLogin,
  type NeutralLoginReason,
} from './login.ts';
import { Endings } from './press/endings.ts';
import { Requests } from './press/requests.ts';
import { Starts } from './press/starts.ts';

/** How far a login has come. */
export interface LoginProgress {
  readonly login: Login;
  /** Of the latest order. */
  readonly progress: Progress | undefined;
  /** Why it ended without an authentication, as its client may know it: never which factor failed. */
  readonly reason: NeutralLoginReason | undefined;
}

/**
 * Logins that are asked for in an app, by a QR code that the client shows, or in a phone call. One request is one press: whatever ends
 * its order, except a renewal, ends the login.
 */
@Injectable()
export class Logins {
  constructor(
    private readonly orders: SignOrders,
    private readonly requests: Requests,
    private readonly starts: Starts,
    private readonly endings: Endings,
    private readonly expiry: Expiry,
  ) {}

  /**
   * Stores a login with its one order, in the caller's transaction: {@link send} follows it.
   * @throws DomainError `login.too-many-orders` with the time to wait; `oauth.unauthorized-client` where no RP certificate is the client's
   */
  begin(tx: Tx, request: LoginRequest, terms: LoginTerms): Promise<BegunLogin> {
    return this.requests.begin(tx, request, terms);
  }

  /**
   * Makes the order at BankID. Where that fails, the login has ended.
   * @throws DomainError `bankid.already-in-progress`, `bankid.refused`, `bankid.unavailable`
   */
  send(begun: BegunLogin): Promise<void> {
    return this.requests.send(begun);
  }

  /** Undefined for an unknown login. One whose time is up is never shown as open. */
  async findState(loginId: LoginId): Promise<LoginProgress | undefined> {
    const login = await this.expiry.findCurrent(loginId);
    if (!login) return undefined;
    const reason = login.reason && neutralLoginReason(login.reason);
    return { login, progress: await this.orders.findProgress(loginId), reason };
  }

  /** The QR code of this moment; undefined when there is nothing to scan. */
  findQrFrame(loginId: LoginId): Promise<string | undefined> {
    return this.starts.findQrFrame(loginId);
  }

  /** The link by which an app starts BankID now; undefined when there is nothing to start. */
  findLaunchLink(loginId: LoginId, userAgent: string): Promise<string | undefined> {
    return this.starts.findLaunchLink(loginId, userAgent);
  }

  /** An app came back from BankID with the nonce of its request; once or more often is the same. False for any other nonce. */
  recordReturn(loginId: LoginId, nonce: string): Promise<boolean> {
    return this.starts.recordReturn(loginId, nonce);
  }

  /** The client takes its request back, or has made another one for the same person. False if the login has ended. */
  cancel(login: NamedLogin, reason: 'client' | 'superseded'): Promise<boolean> {
    return this.endings.cancel(login, reason);
  }

  /** The moment before a state is read. */
  mark(): number {
    return this.orders.mark();
  }

  /** Waits until the state may be another than the one that was read after `mark`. False when there is no reason to read it again. */
  nextState(loginId: LoginId, mark: number, patience: Patience): Promise<boolean> {
    return this.orders.nextProgress(loginId, mark, patience);
  }
}
