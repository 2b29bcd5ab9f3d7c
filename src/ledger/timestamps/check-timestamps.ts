import { Injectable } from '@nestjs/common';
import { TimestampError, type TimestampReason } from '../../crypto/tsp/timestamp-error.ts';
import { Database } from '../../database/database.ts';
import { Timestamps } from '../../timestamps/timestamps.ts';
import type { LedgerLog } from '../log/ledger-log.ts';
import { LedgerDirectory } from '../outside/ledger-directory.ts';
import { timestampImprint } from './timestamp-imprint.ts';
import { selectGaps, selectOfLog, type StoredTimestamp, type TimestampGap } from './timestamp.repository.ts';

/** What is wrong with the timestamps of a log. */
export type TimestampFault =
  /** Heads that had no timestamp for more than a day. */
  | ({ readonly kind: 'gap' } & TimestampGap)
  /** A token that does not verify, is not over its head, or was made after the one that it renews had ended. */
  | { readonly kind: 'wrong'; readonly size: number; readonly nth: number; readonly reason: TimestampReason }
  /** A token that is not kept in LEDGER_DIRECTORY, or kept with other bytes. */
  | { readonly kind: 'not-kept'; readonly size: number; readonly nth: number };

const BEFORE_ALL = { size: 0, nth: 0 };

/** Compares the timestamps of a log with its heads and with what is kept outside. */
@Injectable()
export class TimestampCheck {
  constructor(
    private readonly database: Database,
    private readonly directory: LedgerDirectory,
    private readonly timestamps: Timestamps,
  ) {}

  /** @throws DirectoryFault */
  async *faultsOf(log: LedgerLog, now: Date): AsyncGenerator<TimestampFault> {
    for (const gap of await selectGaps(this.database, log, now)) yield { kind: 'gap', ...gap };
    let before: StoredTimestamp | undefined;
    for (;;) {
      const page = await selectOfLog(this.database, log, before ?? BEFORE_ALL);
      for (const stamp of page) {
        yield* await this.#faultsOf(log, stamp, before?.size === stamp.size ? before : undefined);
        before = stamp;
      }
      if (page.length === 0) return;
    }
  }

  async #faultsOf(
    log: LedgerLog,
    { size, nth, token, note }: StoredTimestamp,
    renewed: StoredTimestamp | undefined,
  ): Promise<readonly TimestampFault[]> {
    const reason = this.#findReason(token, timestampImprint(note, renewed?.token), renewed);
    const kept = await this.directory.findTimestamp(log.folder, size, nth);
    return [
      ...(reason === undefined ? [] : [{ kind: 'wrong', size, nth, reason } as const]),
      ...(kept?.equals(token) ? [] : [{ kind: 'not-kept', size, nth } as const]),
    ];
  }

  #findReason(token: Buffer, digest: Buffer, renewed: StoredTimestamp | undefined): TimestampReason | undefined {
    try {
      const { time } = this.timestamps.verify(token, digest);
      return renewed && time > renewed.expires ? 'time' : undefined;
    } catch (error) {
      if (error instanceof TimestampError) return error.reason;
      throw error;
    }
  }
}
