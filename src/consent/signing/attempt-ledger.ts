import { Inject, Injectable } from '@nestjs/common';
import { pressLimits } from '../../attempts/attempt-limits.ts';
import { pauseOf, personCount } from '../../attempts/person-limits.ts';
import { AuditTrail } from '../../audit/audit-trail.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { ErrorCode } from '../../kernel/errors.ts';
import { consentSubject } from '../../kernel/subject.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database, type Tx } from '../../database/database.ts';
import { Envelope } from '../../vault/envelope.ts';
import type { Consent } from '../consent.ts';
import { countPresses, endAttempt, recordCancel } from './attempt.repository.ts';
import { findLoginHint } from '../store/consent.repository.ts';
import { endWithoutPresses } from './attempt-limit.repository.ts';
import { openPayer } from './open-payer.ts';
import { findFilledLimits } from './press.repository.ts';
import type { Attempt } from './presses.ts';

/** What the limits still allow for an interaction. */
export interface Allowance {
  readonly pressesLeft: number;
  /** When the person may try again, if one of their limits is reached. */
  readonly pausedUntil: Date | undefined;
}

/**
 * What became of attempts, and who may still try.
 * @see RTS (EU) 2018/389 Art. 4(3)(b)
 */
@Injectable()
export class AttemptLedger {
  constructor(
    private readonly database: Database,
    private readonly envelope: Envelope,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The order was never placed, so no attempt is lost. If an order was already open, BankID was not called either. */
  async giveUp({ consent, attemptId }: Attempt, problem: ErrorCode | 'internal'): Promise<void> {
    const now = this.clock.now();
    const outcome = problem === 'order.already-open' ? 'not-asked' : 'not-placed';
    await this.database.inTransaction(async (tx) => {
      await endAttempt(tx, attemptId, { outcome, failure: problem }, now);
      await this.#append(tx, consent, 'order.not-placed', { attemptId, problem });
      await this.#endWithoutPresses(tx, consent, now);
    });
  }

  /** The payer cancels the open order; the next press has to wait a little. */
  async recordCancel({ consentId }: Consent): Promise<void> {
    await recordCancel(this.database, consentId, this.clock.now());
  }

  /** How many presses are left, and until when they pause. If none is left, the consent ends, so that its page leads back to the TPP. */
  async getAllowance(consent: Consent): Promise<Allowance> {
    const { consentId, clientId, bank } = consent;
    const now = this.clock.now();
    const presses = await countPresses(this.database, consentId);
    if (presses >= pressLimits.presses) {
      await this.database.inTransaction((tx) => this.#endWithoutPresses(tx, consent, now));
      return { pressesLeft: 0, pausedUntil: undefined };
    }
    const hint = await findLoginHint(this.database, consentId);
    const key = hint && (await this.envelope.getDataKey(this.database, consentSubject(bank, consentId)));
    const payer = key && openPayer(key, consentId, hint);
    return {
      pressesLeft: pressLimits.presses - presses,
      pausedUntil:
        payer && pauseOf(await findFilledLimits(this.database, personCount(this.envelope, payer, clientId, now))),
    };
  }

  async #endWithoutPresses(tx: Tx, consent: Consent, now: Date): Promise<void> {
    if (!(await endWithoutPresses(tx, consent.consentId, now))) return;
    await this.#append(tx, consent, 'consent.rejected', { reason: 'attempts' });
  }

  async #append(tx: Tx, consent: Consent, type: string, detail: Readonly<Record<string, string>>): Promise<void> {
    const subject = consentSubject(consent.bank, consent.consentId);
    await this.audit.appendEvent(tx, subject, { type, at: this.clock.now(), actor: 'payer', detail });
  }
}
