import { Injectable } from '@nestjs/common';
import { TimestampError } from '../../crypto/tsp/timestamp-error.ts';
import { Database, type Tx } from '../../database/database.ts';
import { formatInstant } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { Timestamps, type Timestamp } from '../../timestamps/timestamps.ts';
import { selectCheckpoint, type StoredCheckpoint } from '../heads/checkpoint.repository.ts';
import type { LedgerLog } from '../log/ledger-log.ts';
import { LedgerLogs } from '../log/ledger-logs.ts';
import { DirectoryFault } from '../outside/directory-fault.ts';
import { LedgerDirectory } from '../outside/ledger-directory.ts';
import { TimestampHealth } from './timestamp-health.ts';
import { timestampImprint } from './timestamp-imprint.ts';
import {
  insertTimestamp,
  selectLastTimestamp,
  selectOldestWithout,
  tryTimestampTurn,
  type LastTimestamp,
} from './timestamp.repository.ts';

/**
 * Gives the newest head of each log a timestamp, once a day (UTC) where the log has grown since the last one: so each leaf is dated
 * within a day. A day on which no authority answers is made up for as soon as one does; the gap stays visible in the times of heads
 * and tokens.
 */
@Injectable()
export class DailyTimestamps {
  constructor(
    private readonly database: Database,
    private readonly logs: LedgerLogs,
    private readonly directory: LedgerDirectory,
    private readonly timestamps: Timestamps,
    private readonly health: TimestampHealth,
  ) {}

  /** One round. Where no authority answers, the other logs wait for the next round, and their waiting is noticed all the same. */
  async runOnce(now: Date): Promise<void> {
    if (!this.timestamps.areConfigured) {
      this.health.notConfigured();
      return;
    }
    let isAnswered = true;
    for await (const log of this.logs.known()) {
      if (isAnswered) isAnswered = await this.stampLog(log, now);
      this.health.sawWaiting(log.origin, await selectOldestWithout(this.database, log));
    }
  }

  /**
   * @param now says which day it is
   * @returns false where no authority answers
   */
  async stampLog(log: LedgerLog, now: Date): Promise<boolean> {
    try {
      await this.#stampOnce(log, formatInstant(now).slice(0, 10));
      return true;
    } catch (error) {
      const isOfLog = error instanceof DirectoryFault || error instanceof TimestampError;
      if (!isOfLog && !(error instanceof DomainError)) throw error;
      this.health.failed(log.origin, error.message);
      return isOfLog;
    }
  }

  async #stampOnce(log: LedgerLog, today: string): Promise<void> {
    const last = await selectLastTimestamp(this.database, log);
    // Its writer may have died before it kept it.
    if (last && !(await this.directory.findTimestamp(log.folder, last.size)))
      await this.directory.keepTimestamp(log.folder, last.size, last.token);
    const newest = await this.directory.findNewest(log.folder);
    if (newest && !isStamped(last, newest.size, today))
      await this.database.inTransaction((tx) => this.#stamp(tx, log, newest.size, today));
  }

  /** The turn keeps other instances from asking the authority for the same day. */
  async #stamp(tx: Tx, log: LedgerLog, size: number, today: string): Promise<void> {
    if (!(await tryTimestampTurn(tx, log))) return;
    const head = await selectCheckpoint(this.database, log, size);
    if (!head || isStamped(await selectLastTimestamp(this.database, log), size, today)) return;
    const { token, time, authority, expires } = await this.#timestampOf(log, head);
    const isStored = await insertTimestamp(this.database, log, { size, nth: 0, token, time, authority, expires });
    if (isStored) await this.directory.keepTimestamp(log.folder, size, token);
  }

  /** A token that is kept outside, for a database that was restored from before it was made; or a new one. */
  async #timestampOf(log: LedgerLog, { size, note }: StoredCheckpoint): Promise<Timestamp> {
    const digest = timestampImprint(note);
    const kept = await this.directory.findTimestamp(log.folder, size);
    return kept ? { ...this.timestamps.verify(kept, digest), token: kept } : this.timestamps.stamp(digest);
  }
}

function isStamped(last: LastTimestamp | undefined, size: number, today: string): boolean {
  return last !== undefined && (last.size >= size || last.day >= today);
}
