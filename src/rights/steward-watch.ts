import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Conditions, type Condition } from '../health/conditions.ts';
import { Database } from '../database/database.ts';
import { MINUTE_MS, secondsSince, type Clock } from '../kernel/clock.ts';
import { KeptErasures, isDirectoryFault } from '../ledger/kept-erasures.ts';
import { CLOCK } from '../operations/clock.ts';
import { Metrics } from '../operations/metrics.ts';
import { selectOldestWaiting, selectUnfinished } from './stewardship/steward.repository.ts';

/** A steward looks for requests several times a minute. */
const MAX_WAIT_MS = 10 * MINUTE_MS;

/** Whether a steward is at work, and whether erased evidence came back with a database that was set back. */
@Injectable()
export class StewardWatch implements OnApplicationBootstrap {
  readonly #log = new Logger('steward');
  #waitingSince: Date | undefined;
  #unfinished = 0;
  #isBlind = false;
  #said = '';

  constructor(
    private readonly database: Database,
    private readonly kept: KeptErasures,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly metrics: Metrics,
    conditions: Conditions,
  ) {
    conditions.add('erasure', () => this.condition());
  }

  /** Before the first request is answered, so that no instance is ready on a database that was set back. */
  async onApplicationBootstrap(): Promise<void> {
    await this.runOnce().catch(() => (this.#isBlind = true));
  }

  /** What erases evidence stops no payment, so it is never down. What came back and must be gone counts first. */
  condition(): Condition {
    if (this.#unfinished > 0) return { status: 'degraded', message: 'erased evidence came back: run sigill recover' };
    if (this.#isBlind) return { status: 'degraded', message: 'what was erased cannot be compared' };
    if (this.#waitedMs() > MAX_WAIT_MS) return { status: 'degraded', message: 'what was approved waits for a steward' };
    return { status: 'up' };
  }

  async runOnce(): Promise<void> {
    this.#waitingSince = await selectOldestWaiting(this.database);
    await this.#compare();
    const gauge = (name: string, help: string, value: number): void => this.metrics.setGauge(name, help, value);
    gauge(
      'sigill_steward_waiting_seconds',
      'How long the oldest approved request has waited for a steward',
      this.#waitedMs() / 1_000,
    );
    gauge(
      'sigill_erasures_to_repeat',
      'Requests whose erasure is to be repeated after a restore of the database',
      this.#unfinished,
    );
    this.#sayOnce();
  }

  /** How many requests erased what is back, because the database was set back. @throws DirectoryFault */
  async countUnfinished(): Promise<number> {
    const { begun } = await this.kept.list();
    return (await selectUnfinished(this.database, begun)).length;
  }

  /** Where LEDGER_DIRECTORY cannot be read, what was found last stays. */
  async #compare(): Promise<void> {
    try {
      this.#unfinished = await this.countUnfinished();
      this.#isBlind = false;
    } catch (error) {
      this.#isBlind = true;
      if (!isDirectoryFault(error)) throw error;
    }
  }

  #waitedMs(): number {
    return secondsSince(this.#waitingSince, this.clock.now()) * 1_000;
  }

  #sayOnce(): void {
    const condition = this.condition();
    const message = condition.status === 'up' ? '' : condition.message;
    if (message !== '' && message !== this.#said) this.#log.error(message);
    if (message === '' && this.#said !== '') this.#log.log('erasure is up again');
    this.#said = message;
  }
}
