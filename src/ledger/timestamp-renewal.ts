import { Injectable } from '@nestjs/common';
import { TimestampError } from '../crypto/tsp/timestamp-error.ts';
import { Database } from '../database/database.ts';
import { Timestamps, type Timestamp } from '../timestamps/timestamps.ts';
import { logKinds, type LedgerLog } from './log/ledger-log.ts';
import { LedgerLogs } from './log/ledger-logs.ts';
import { LedgerDirectory } from './outside/ledger-directory.ts';
import { timestampImprint } from './timestamps/timestamp-imprint.ts';
import { insertTimestamp, selectEnding, type EndingTimestamp } from './timestamps/timestamp.repository.ts';

export interface RenewalSummary {
  readonly renewed: number;
  /** Tokens that were not renewed, and why. */
  readonly refused: readonly RefusedRenewal[];
}

interface RefusedRenewal {
  readonly bank: string;
  readonly kind: string;
  readonly size: number;
  readonly why: string;
}

const ENDS_NO_LATER = "the authority's certificate ends no later; the others were not tried";

/**
 * Renews the timestamps of heads before a certificate behind them ends: a new token over the note and the old one shows that the old
 * one was there while it held. Each renewal is stored by itself, so a run that was interrupted goes on where it stopped.
 */
@Injectable()
export class TimestampRenewal {
  constructor(
    private readonly database: Database,
    private readonly logs: LedgerLogs,
    private readonly directory: LedgerDirectory,
    private readonly timestamps: Timestamps,
  ) {}

  /**
   * @param before which tokens: those that end before this time
   * @throws DomainError `service.unavailable` if no authority answers; what was renewed until then stays
   */
  async run(before: Date): Promise<RenewalSummary> {
    const refused: RefusedRenewal[] = [];
    let renewed = 0;
    let last: EndingTimestamp | undefined;
    for (;;) {
      const page = await selectEnding(this.database, before, last);
      for (const ending of page) {
        const why = await this.#renew(ending, before);
        if (why === undefined) renewed += 1;
        else refused.push({ bank: ending.bank, kind: ending.kind, size: ending.size, why });
        if (why === ENDS_NO_LATER) return { renewed, refused };
      }
      last = page.at(-1);
      if (!last) return { renewed, refused };
    }
  }

  /** @returns why it was not renewed */
  async #renew(ending: EndingTimestamp, before: Date): Promise<string | undefined> {
    const log = await this.#logOf(ending);
    if (!log) return 'the bank has no such log';
    const { size, note } = ending;
    const nth = ending.nth + 1;
    const digest = timestampImprint(note, ending.token);
    const kept = await this.directory.findTimestamp(log.folder, size, nth);
    const stamp = kept ? this.#verifyKept(kept, digest) : await this.timestamps.stamp(digest);
    if (!stamp) return 'another token is kept in LEDGER_DIRECTORY';
    const { token, time, authority, expires } = stamp;
    if (time > ending.expires) return 'the old token had ended already';
    if (expires <= before) return ENDS_NO_LATER;
    // A run that ends in between finds the kept one, and stores it.
    await this.directory.keepTimestamp(log.folder, size, token, nth);
    await insertTimestamp(this.database, log, { size, nth, token, time, authority, expires });
    return undefined;
  }

  async #logOf({ bank, kind }: EndingTimestamp): Promise<LedgerLog | undefined> {
    const known = logKinds.find((each) => each === kind);
    return known && this.logs.findLog(bank, known);
  }

  #verifyKept(token: Buffer, digest: Buffer): Timestamp | undefined {
    try {
      return { ...this.timestamps.verify(token, digest), token };
    } catch (error) {
      if (error instanceof TimestampError) return undefined;
      throw error;
    }
  }
}
