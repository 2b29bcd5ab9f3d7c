import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Client, Notification } from 'pg';
import { SECOND_MS } from '../kernel/clock.ts';
import { within } from '../operations/deadline.ts';
import { Metrics } from '../operations/metrics.ts';
import { countedStatements } from '../operations/statement-count.ts';
import { Workers } from '../operations/workers.ts';
import { announce, listen } from './announcements/announcement.repository.ts';
import { RecentTopics } from './announcements/recent-topics.ts';
import { databaseErrorOf } from './database-errors.ts';
import { Database } from './database.ts';

/** How often the connection is checked, and replaced if it is dead. */
const CHECK_MS = 2 * SECOND_MS;
/** The longest wait while no connection listens, as announcements of other instances are not received then. */
const UNHEARD_MS = 2 * SECOND_MS;
/** The time over which waiting requests are woken after a reconnect: all at once would be more than the pool can serve. */
const SPREAD_MS = SECOND_MS;

/** How long to wait, and for whose request. */
export interface Patience {
  readonly ms: number;
  /** Aborted when the caller has gone. */
  readonly signal: AbortSignal;
}

/**
 * Wakes waiting requests, in every instance, when a row has changed. It is only a hint, which may be lost, repeated or wrong,
 * so the row is then read. Instances notify each other by NOTIFY, on one connection beside the pool, which is opened
 * at the first wait; while there is none, waiting requests read the row every two seconds.
 * @see docs/adr/0021-a-waiting-page-is-woken.md
 */
@Injectable()
export class Announcements implements OnModuleDestroy {
  readonly #recent = new RecentTopics();
  readonly #waiting = new Map<string, Set<() => void>>();
  readonly #wakeWorker: () => void;
  #unsent = new Set<string>();
  #sending: Promise<void> | undefined;
  #client: Client | undefined;
  #isWanted = false;
  #isOver = false;

  constructor(
    private readonly database: Database,
    private readonly metrics: Metrics,
    workers: Workers,
  ) {
    this.#wakeWorker = workers.add({
      name: 'announcements',
      intervalMs: CHECK_MS,
      everywhere: true,
      runOnce: () => this.#check(),
      finish: () => this.#finish(),
    });
  }

  /** Call it after the commit. Instances are notified in the background. */
  announce(topic: string): void {
    this.#tell(topic);
    this.#unsent.add(topic);
    this.#sending ??= this.#send();
  }

  /** The moment before a row is read. */
  mark(): number {
    return this.#recent.mark();
  }

  /**
   * Waits until `topic` is announced, from `mark` on.
   * @returns whether to read the row again: false if the time is up, the caller has gone, or the service ends
   */
  async next(topic: string, mark: number, { ms, signal }: Patience): Promise<boolean> {
    if (!this.#isWanted) this.#want();
    if (this.#isInVain(signal)) return false;
    if (this.#recent.isAfter(mark, topic)) return true;
    const heardMs = this.#client ? ms : Math.min(ms, UNHEARD_MS);
    const isTold = await this.#untilTold(topic, heardMs, signal);
    return !this.#isInVain(signal) && (isTold || heardMs < ms);
  }

  #isInVain(signal: AbortSignal): boolean {
    return this.#isOver || signal.aborted;
  }

  /** Ends all waits before the rest of the service ends, so that they do not delay it. */
  onModuleDestroy(): void {
    this.#isOver = true;
    for (const wakes of this.#waiting.values()) for (const wake of wakes) wake();
  }

  #untilTold(topic: string, ms: number, signal: AbortSignal): Promise<boolean> {
    const wakes = this.#waiting.get(topic) ?? new Set();
    this.#waiting.set(topic, wakes);
    return new Promise((resolve) => {
      const end = (isTold: boolean): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', leave);
        wakes.delete(wake);
        if (wakes.size === 0 && this.#waiting.get(topic) === wakes) this.#waiting.delete(topic);
        resolve(isTold);
      };
      const wake = (): void => end(true);
      const leave = (): void => end(false);
      const timer = setTimeout(leave, ms);
      signal.addEventListener('abort', leave);
      wakes.add(wake);
    });
  }

  #tell(topic: string): void {
    this.#recent.add(topic);
    for (const wake of this.#waiting.get(topic) ?? []) wake();
  }

  /** One statement at a time: what is announced meanwhile is sent with the next one. */
  async #send(): Promise<void> {
    while (this.#unsent.size > 0) {
      const topics = [...this.#unsent];
      this.#unsent = new Set();
      try {
        await countedStatements(this.metrics, 'worker announcements', () => announce(this.database, topics));
      } catch {
        // Other statements fail for the same reason and are logged.
        this.metrics.count(
          'sigill_announcements_lost_total',
          'Announcements that could not be sent',
          {},
          topics.length,
        );
      }
    }
    this.#sending = undefined;
  }

  #want(): void {
    this.#isWanted = true;
    this.#wakeWorker();
  }

  /** Checks the connection, and opens a new one if it is dead. */
  async #check(): Promise<void> {
    this.#recent.forget();
    if (!this.#isWanted) return;
    const client = this.#client ?? (await this.#connect());
    try {
      await listen(client);
    } catch (error) {
      this.#lose(client);
      throw error;
    }
    if (this.#client) return;
    this.#client = client;
    this.#tellAll();
  }

  async #connect(): Promise<Client> {
    const client = this.database.newClient();
    client.on('notification', ({ payload = '' }: Notification) => this.#tell(payload));
    client.on('error', () => this.#lose(client));
    client.on('end', () => this.#lose(client));
    try {
      await client.connect();
    } catch (error) {
      throw databaseErrorOf(error);
    }
    return client;
  }

  #lose(client: Client): void {
    void client.end().catch(() => undefined);
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#tellAll();
    this.#wakeWorker();
  }

  /** Announcements were missed while no connection listened, so all waiting requests read their rows. */
  #tellAll(): void {
    for (const wakes of this.#waiting.values())
      for (const wake of wakes) setTimeout(wake, Math.random() * SPREAD_MS).unref();
  }

  async #finish(): Promise<void> {
    await this.#sending;
    const client = this.#client;
    this.#client = undefined;
    // The server may have gone without closing the connection.
    if (client) await within(SECOND_MS, () => client.end());
  }
}
