import { Inject, Injectable } from '@nestjs/common';
import { pressLimits } from '../../attempts/attempt-limits.ts';
import { pauseOf, personCount } from '../../attempts/person-limits.ts';
import { Database, type Tx } from '../../database/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { ErrorCode } from '../../kernel/errors.ts';
import { loginSubject } from '../../kernel/subject.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Envelope } from '../../vault/envelope.ts';
import type { Login, NamedLogin } from '../login.ts';
import { endAttempt, findFilledLimits } from '../press/attempt.repository.ts';
import { endWithoutPresses } from '../press/attempt-limit.repository.ts';
import { Endings } from '../press/endings.ts';
import { openPerson } from '../store/login-hint.ts';
import { countPresses, findLoginHint, recordCancel } from './browser.repository.ts';

/** What the limits still allow for a login in a browser. */
export interface Allowance {
  readonly pressesLeft: number;
  /** When the person may try again, if one of their limits is reached. */
  readonly pausedUntil: Date | undefined;
}

/** What became of attempts in a browser, and who may still try. */
@Injectable()
export class AttemptLedger {
  constructor(
    private readonly database: Database,
    private readonly envelope: Envelope,
    private readonly endings: Endings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The order was never placed, so no attempt is lost. If an order was already open, BankID was not called either. */
  async giveUp(login: NamedLogin, attemptId: string, problem: ErrorCode | 'internal'): Promise<void> {
    const now = this.clock.now();
    const outcome = problem === 'order.already-open' ? 'not-asked' : 'not-placed';
    await this.database.inTransaction(async (tx) => {
      await endAttempt(tx, attemptId, { outcome, failure: problem }, now);
      await this.endings.append(tx, login, 'order.not-placed', { attemptId, problem }, 'payer');
      await this.#endWithoutPresses(tx, login, now);
    });
  }

  /** The person cancels the open order; the next press has to wait a little. */
  async recordCancel({ loginId }: NamedLogin): Promise<void> {
    await recordCancel(this.database, loginId, this.clock.now());
  }

  /** How many presses are left, and until when they pause. If none is left, the login ends, so that its page leads back to the client. */
  async getAllowance(login: Login): Promise<Allowance> {
    const { loginId, clientId } = login;
    const now = this.clock.now();
    const presses = await countPresses(this.database, loginId);
    if (presses >= pressLimits.presses) {
      await this.database.inTransaction((tx) => this.#endWithoutPresses(tx, login, now));
      return { pressesLeft: 0, pausedUntil: undefined };
    }
    const hint = await findLoginHint(this.database, loginId);
    const key = hint && (await this.envelope.getDataKey(this.database, loginSubject(clientId, loginId)));
    const person = key && openPerson(key, loginId, hint);
    const filled = person && (await findFilledLimits(this.database, personCount(this.envelope, person, clientId, now)));
    return { pressesLeft: pressLimits.presses - presses, pausedUntil: filled && pauseOf(filled) };
  }

  async #endWithoutPresses(tx: Tx, login: NamedLogin, now: Date): Promise<void> {
    if (!(await endWithoutPresses(tx, login.loginId, now))) return;
    await this.endings.append(tx, login, 'login.rejected', { reason: 'attempts' });
  }
}
