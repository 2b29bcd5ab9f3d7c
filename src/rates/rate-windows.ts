import { hash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { addMs, MINUTE_MS, type Clock } from '../kernel/clock.ts';
import { CLOCK } from '../operations/clock.ts';
import { isForLater } from '../database/database-errors.ts';
import { Database } from '../database/database.ts';
import { Metrics } from '../operations/metrics.ts';
import { addTaken, deleteWindowsBefore } from './windows/rate-window.repository.ts';

/** How many requests one caller may send in one window, over all instances. */
export interface RateLimit {
  /** Label of the metric, and part of the key. */
  readonly name: string;
  readonly limit: number;
  readonly windowMs: number;
}

/** The part of the present window that one instance may give one caller. */
interface Portion {
  granted: number;
  used: number;
  isDrawn: boolean;
  isLast: boolean;
  drawing: Promise<void> | undefined;
}

interface Window {
  readonly startMs: number;
  readonly portions: Map<string, Portion>;
  isPruned: boolean;
}

/** No window is longer than this; older rows are deleted. */
const LONGEST_WINDOW_MS = 10 * MINUTE_MS;

/**
 * Counts requests against limits that all instances share, without a statement per request. An instance draws a tenth of the window
 * at a time from an unlogged row; it gives the first tenth on credit and draws it with the second, so a caller far below the
 * limit costs no statement.
 *
 * The trade-off: n instances let through at most n tenths more than the limit (the credit of each), and consecutive windows
 * know nothing of each other. After a crash of the database the windows start again. While the database is unavailable, each
 * instance counts alone until its window ends: a rate limit protects the service, and must not fail a health check or the payer's
 * return.
 */
@Injectable()
export class RateWindows {
  readonly #windows = new Map<string, Window>();

  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {}

  /** Counts one request of the caller. If the window is exhausted, returns the whole seconds until the next. */
  async take(limit: RateLimit, caller: string): Promise<number | undefined> {
    const now = this.clock.now();
    const window = this.#windowAt(limit, now);
    const portion = portionOf(window, limit, caller);
    for (;;) {
      if (portion.used < portion.granted) {
        portion.used += 1;
        return undefined;
      }
      if (portion.isLast) break;
      portion.drawing ??= this.#draw(limit, caller, window, portion);
      await portion.drawing;
    }
    this.metrics.count('sigill_limits_hit_total', 'Requests refused because a limit was reached', {
      limit: limit.name,
    });
    return Math.max(1, Math.ceil((window.startMs + limit.windowMs - now.getTime()) / 1000));
  }

  /** A new window drops the callers of the last one, so memory is limited by the callers of one window. */
  #windowAt({ name, windowMs }: RateLimit, now: Date): Window {
    const startMs = Math.floor(now.getTime() / windowMs) * windowMs;
    const present = this.#windows.get(name);
    if (present?.startMs === startMs) return present;
    const next: Window = { startMs, portions: new Map(), isPruned: false };
    this.#windows.set(name, next);
    return next;
  }

  /** One statement for all requests that wait for it. */
  async #draw(limit: RateLimit, caller: string, window: Window, portion: Portion): Promise<void> {
    try {
      const start = new Date(window.startMs);
      if (!window.isPruned) {
        window.isPruned = true;
        await deleteWindowsBefore(this.database, addMs(start, -LONGEST_WINDOW_MS));
      }
      const credit = portion.isDrawn ? 0 : portion.granted;
      const drawn = tenthOf(limit) + credit;
      const keyHash = hash('sha256', `${limit.name}\n${caller}`, 'buffer');
      const over = Math.max(0, (await addTaken(this.database, keyHash, start, drawn)) - limit.limit);
      portion.granted += Math.max(0, drawn - over) - credit;
      portion.isDrawn = true;
      portion.isLast = over > 0;
    } catch (error) {
      if (!isForLater(error)) throw error;
      portion.granted = Math.max(portion.granted, limit.limit);
      portion.isLast = true;
    } finally {
      portion.drawing = undefined;
    }
  }
}

function portionOf(window: Window, limit: RateLimit, caller: string): Portion {
  const known = window.portions.get(caller);
  if (known) return known;
  const portion = { granted: tenthOf(limit), used: 0, isDrawn: false, isLast: false, drawing: undefined };
  window.portions.set(caller, portion);
  return portion;
}

function tenthOf({ limit }: RateLimit): number {
  return Math.max(1, Math.floor(limit / 10));
}
