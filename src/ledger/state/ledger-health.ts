import { Inject, Injectable, Logger } from '@nestjs/common';
import { Malformed } from '../../crypto/malformed.ts';
import { MINUTE_MS, SECOND_MS, type Clock } from '../../kernel/clock.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Conditions, type Condition } from '../../health/conditions.ts';
import { Metrics } from '../../operations/metrics.ts';
import { LedgerFault, type LedgerFaultReason } from './ledger-fault.ts';
import { DirectoryFault, type DirectoryFaultReason } from '../outside/directory-fault.ts';

type Trouble = LedgerFaultReason | DirectoryFaultReason;

const CONTRADICTIONS: readonly Trouble[] = ['ahead', 'differs', 'behind', 'missing'];
/** How long evidence may wait for its number. */
const MAX_WAIT_MS = 60 * SECOND_MS;
/** How long heads may wait to be kept before it is said again. */
const MAX_UNKEPT_MS = 60 * MINUTE_MS;

/** What is wrong with the ledger, for readiness, metrics and log. Nothing of it stops an authorisation. */
@Injectable()
export class LedgerHealth {
  readonly #log = new Logger('ledger');
  readonly #troubles = new Map<string, { readonly trouble: Trouble; readonly since: Date; isOld: boolean }>();
  #waitingSince: Date | undefined;
  #isLate = false;

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    conditions: Conditions,
    metrics: Metrics,
  ) {
    conditions.add('ledger', () => this.condition());
    const gauge = (name: string, help: string, read: () => number): void =>
      metrics.addGauge(name, help, () => Promise.resolve(read()));
    gauge('sigill_ledger_waiting_seconds', 'How long the oldest evidence has waited for its number', () =>
      this.#secondsSince(this.#waitingSince),
    );
    gauge('sigill_ledger_unkept_seconds', 'For how long the heads of a log could not be kept', () =>
      Math.max(0, ...[...this.#troubles.values()].map(({ since }) => this.#secondsSince(since))),
    );
    gauge('sigill_ledger_contradictions', 'Logs whose kept heads are not those of the database', () =>
      this.#contradictions(),
    );
  }

  condition(): Condition {
    if (this.#contradictions() > 0) return { status: 'degraded', message: 'kept heads contradict the database' };
    if (this.#troubles.size > 0) return { status: 'degraded', message: 'heads cannot be kept' };
    return this.#isLate ? { status: 'degraded', message: 'evidence waits for its number' } : { status: 'up' };
  }

  /** @param since when the oldest evidence without a number was stored; undefined where there is none */
  sawWaiting(since: Date | undefined): void {
    this.#waitingSince = since;
    const isLate = this.#secondsSince(since) * SECOND_MS > MAX_WAIT_MS;
    if (isLate && !this.#isLate) this.#log.error('evidence has waited for its number for more than a minute');
    if (!isLate && this.#isLate) this.#log.log('no evidence waits for its number any more');
    this.#isLate = isLate;
  }

  /**
   * Does what a log needs, and notes whether it succeeded.
   * @param what a log, or what it needs
   * @returns undefined where it failed
   * @throws what the work throws, where that is not about the heads: the database cannot be reached, for example
   */
  async attempt<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await work();
      this.succeeded(what);
      return result;
    } catch (error) {
      this.failed(what, error);
      return undefined;
    }
  }

  /** @param what a log that has its heads kept */
  succeeded(what: string): void {
    if (this.#troubles.delete(what)) this.#log.log(`${what}: heads are kept again`);
  }

  /**
   * @param what a log that could get no head
   * @throws the error itself, where it is not about the heads: the database cannot be reached, for example
   */
  failed(what: string, error: unknown): void {
    const trouble = troubleOf(error);
    if (trouble === undefined) throw error;
    const known = this.#troubles.get(what);
    const since = known?.since ?? this.clock.now();
    const isOld = this.#secondsSince(since) * SECOND_MS > MAX_UNKEPT_MS;
    if (known?.trouble !== trouble) this.#log.error(`${what}: no head is signed or kept (${trouble})`);
    else if (isOld && !known.isOld) this.#log.error(`${what}: no head has been kept for an hour (${trouble})`);
    this.#troubles.set(what, { trouble, since, isOld });
  }

  #contradictions(): number {
    return [...this.#troubles.values()].filter(({ trouble }) => CONTRADICTIONS.includes(trouble)).length;
  }

  #secondsSince(at: Date | undefined): number {
    return at ? Math.max(0, this.clock.now().getTime() - at.getTime()) / SECOND_MS : 0;
  }
}

function troubleOf(error: unknown): Trouble | undefined {
  if (error instanceof LedgerFault || error instanceof DirectoryFault) return error.reason;
  return error instanceof Malformed ? 'differs' : undefined;
}
