import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { pressLimits, windowStart } from '../../attempts/attempt-limits.ts';
import { latestOf, pauseOf, personCount } from '../../attempts/person-limits.ts';
import { personHash } from '../../vault/person-hash.ts';
import { lockPerson } from '../../attempts/person-limits.repository.ts';
import { nonceHash } from '../../attempts/return-nonce.ts';
import { eventText } from '../../audit/audit-trail.ts';
import type { Tx } from '../../database/database.ts';
import { addMs, SECOND_MS, type Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { PersonalNumber } from '../../kernel/personal-number.ts';
import { loginSubject } from '../../kernel/subject.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Envelope } from '../../vault/envelope.ts';
import type { Login } from '../login.ts';
import { insertAttempt, type Counted } from './attempt.repository.ts';

/** What is to be asked of BankID. */
export interface Press {
  readonly login: Login;
  readonly person: PersonalNumber | undefined;
  /** Undefined where nothing comes back. */
  readonly returnNonce: string | undefined;
  /** Of the browser that presses. */
  readonly cookieHash?: Buffer;
}

/** An attempt that was entered before BankID hears of it. */
export interface Attempt {
  readonly attemptId: string;
  readonly startedAt: Date;
}

/** Attempts of logins within their limits, kept where two instances cannot both be the last within them. */
@Injectable()
export class Presses {
  constructor(
    private readonly envelope: Envelope,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The refusal, if a limit is reached: `login.attempts-exhausted`, or `login.too-many-orders` with the time to wait. The first press
   * of a browser binds it also then, if the transaction commits.
   */
  async enter(tx: Tx, { login, person, returnNonce, cookieHash }: Press): Promise<Attempt | DomainError> {
    const { loginId, clientId, channel } = login;
    const startedAt = this.clock.now();
    const attemptId = randomUUID();
    const payerHash = person && personHash(this.envelope, person);
    // Other logins name the same person: their attempts wait here for each other.
    if (payerHash) await lockPerson(tx, payerHash);
    const actor = cookieHash ? 'payer' : clientId;
    const counted = await insertAttempt(tx, {
      ...personCount(this.envelope, person, clientId, startedAt),
      attemptId,
      loginId,
      subject: loginSubject(clientId, loginId),
      payerHash,
      returnNonceHash: returnNonce === undefined ? undefined : nonceHash(returnNonce),
      startedAt,
      cookieHash,
      maxPresses: pressLimits.presses,
      cancelledBefore: windowStart(startedAt, pressLimits.afterCancelMs),
      bound: eventText({ type: 'browser.bound', at: startedAt, actor, detail: {} }),
      requested: eventText({ type: 'order.requested', at: startedAt, actor, detail: { attemptId, way: channel.way } }),
    });
    return counted.isEntered ? { attemptId, startedAt } : refusalOf(counted, startedAt);
  }
}

/** Why an attempt was counted and not entered. */
function refusalOf({ presses, cancelledAt, ...filled }: Counted, now: Date): DomainError {
  if (presses >= pressLimits.presses) return new DomainError('login.attempts-exhausted');
  const until = latestOf([cancelledAt && addMs(cancelledAt, pressLimits.afterCancelMs), pauseOf(filled)]);
  if (!until) throw new TypeError('an attempt was refused, and no limit is reached');
  return new DomainError('login.too-many-orders', {
    retryAfterSeconds: Math.max(1, Math.ceil((until.getTime() - now.getTime()) / SECOND_MS)),
  });
}
