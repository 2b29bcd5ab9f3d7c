import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../database/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import { CLOCK } from '../../operations/clock.ts';
import type { NamedLogin } from '../login.ts';
import { Endings } from './endings.ts';
import { endAttemptOf, findOrderless } from './unplaced.repository.ts';

/** Ends logins of backchannel requests whose order BankID does not have: a request is one press, and another one is a new request. */
@Injectable()
export class UnplacedOrders {
  constructor(
    private readonly database: Database,
    private readonly endings: Endings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** What a process left behind that died, or that could not renew an order: up to `limit`. */
  async endNext(limit: number): Promise<void> {
    for (const login of await findOrderless(this.database, limit)) await this.end(login, 'unanswered');
  }

  /** The order was not made, so it counts against no person. No effect if the login no longer waits. */
  async end(login: NamedLogin, problem: string): Promise<void> {
    await this.database.inTransaction(async (tx) => {
      const ending = { state: 'rejected', reason: 'order-failed', actor: 'service', detail: { problem } } as const;
      if (!(await this.endings.end(tx, login, ending))) return;
      await endAttemptOf(tx, login.loginId, problem, this.clock.now());
    });
  }
}
