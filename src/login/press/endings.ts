import { Inject, Injectable } from '@nestjs/common';
import { withdrawOrder } from '../../attempts/withdraw-order.ts';
import { AuditTrail } from '../../audit/audit-trail.ts';
import { SignOrders } from '../../bankid-sign/sign-orders.ts';
import { Database, type Tx } from '../../database/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { LoginId } from '../../kernel/ids.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { loginSubject } from '../../kernel/subject.ts';
import { CLOCK } from '../../operations/clock.ts';
import type { LoginEndReason, NamedLogin } from '../login.ts';
import { endLogin } from '../store/login.repository.ts';

/** How a login ends without an authentication, with what its event says besides the reason. */
export interface Ending {
  readonly state: 'rejected' | 'cancelled';
  readonly reason: LoginEndReason;
  /** A client id, `payer` or `service`. */
  readonly actor: string;
  readonly detail?: JsonObject;
}

/** Ends logins without an authentication, each with its event. */
@Injectable()
export class Endings {
  constructor(
    private readonly database: Database,
    private readonly orders: SignOrders,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** False if it has ended already; then nothing is recorded. */
  async end(tx: Tx, login: NamedLogin, { state, reason, actor, detail }: Ending): Promise<boolean> {
    const now = this.clock.now();
    if (!(await endLogin(tx, login.loginId, { state, reason }, now))) return false;
    await this.append(tx, login, `login.${state}`, { reason, ...detail }, actor);
    return true;
  }

  /** The client takes its request back, or has made another one for the same person. False if the login has ended. */
  async cancel(login: NamedLogin, reason: 'client' | 'superseded'): Promise<boolean> {
    const ending = { state: 'cancelled', reason, actor: login.clientId } as const;
    const isCancelled = await this.database.inTransaction((tx) => this.end(tx, login, ending));
    if (isCancelled) await this.withdraw(login.loginId);
    return isCancelled;
  }

  async append(tx: Tx, login: NamedLogin, type: string, detail: JsonObject, actor = 'service'): Promise<void> {
    const subject = loginSubject(login.clientId, login.loginId);
    await this.audit.appendEvent(tx, subject, { type, at: this.clock.now(), actor, detail });
  }

  /** Tries to withdraw the open order of an ended login. */
  withdraw(loginId: LoginId): Promise<void> {
    return withdrawOrder(this.orders, loginId);
  }
}
