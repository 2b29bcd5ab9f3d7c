import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.ts';
import { Database, type Tx } from '../../database/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { LoginId } from '../../kernel/ids.ts';
import { loginSubject } from '../../kernel/subject.ts';
import { CLOCK } from '../../operations/clock.ts';
import type { Login, NamedLogin } from '../login.ts';
import { findLogin } from '../store/login.repository.ts';
import { expire, expireOne } from './expiry.repository.ts';

/** Ends logins whose time is up: batches for the sweeper, and a single one when it is read before the sweeper has run. */
@Injectable()
export class Expiry {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Ends up to `limit` logins; returns how many. */
  async endDue(limit: number): Promise<number> {
    const now = this.clock.now();
    return this.database.inTransaction(async (tx) => {
      const ended = await expire(tx, now, limit);
      await this.#append(tx, ended, now);
      return ended.length;
    });
  }

  async findCurrent(loginId: LoginId): Promise<Login | undefined> {
    const login = await findLogin(this.database, loginId);
    return login && this.current(login);
  }

  /** The login in its present state. One that waits for the verdict on an answer that came in time keeps waiting. */
  async current(login: Login): Promise<Login> {
    const { loginId } = login;
    const now = this.clock.now();
    if (login.state !== 'awaiting' || login.expiresAt > now) return login;
    await this.database.inTransaction(async (tx) => {
      const ended = await expireOne(tx, loginId, now);
      if (ended) await this.#append(tx, [ended], now);
    });
    return (await findLogin(this.database, loginId)) ?? login;
  }

  async #append(tx: Tx, ended: readonly NamedLogin[], at: Date): Promise<void> {
    const event = { type: 'login.expired', at, actor: 'service', detail: { reason: 'no-authentication' } };
    const events = ended.map(({ clientId, loginId }) => [loginSubject(clientId, loginId), event] as const);
    await this.audit.appendEvents(tx, new Map(events));
  }
}
