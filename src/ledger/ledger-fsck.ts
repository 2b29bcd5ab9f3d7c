import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../database/database.ts';
import { addMs, formatInstant, MINUTE_MS, type Clock } from '../kernel/clock.ts';
import { CLOCK } from '../operations/clock.ts';
import type { FsckFault, LogFault } from './fsck/fsck-fault.ts';
import { countUnnumbered } from './fsck/fsck.repository.ts';
import { LogChecks } from './fsck/log-checks.ts';
import { selectLastNumber } from './log/last-number.repository.ts';
import { logKinds, type LedgerLog, type LogKind } from './log/ledger-log.ts';
import { LedgerLogs } from './log/ledger-logs.ts';
import { DirectoryFault } from './outside/directory-fault.ts';

/** What was compared of one log. */
export interface CheckedLog {
  readonly bank: string;
  readonly log: LogKind;
  readonly leaves: number;
  /** Leaves whose evidence, or list, went with a database that was set back, and was not brought back. */
  readonly lost: number;
  /** For how long heads had no timestamp: from the first of them to the token that covers them, if there is one. */
  readonly timestampGaps: readonly { readonly from: string; readonly to?: string }[];
}

/** What a comparison of all logs found. */
export interface FsckReport {
  readonly checkedAt: string;
  readonly logs: readonly CheckedLog[];
  /** How many faults there are; {@link faults} has the first thousand of each log. */
  readonly faultCount: number;
  readonly faults: readonly FsckFault[];
}

const MAX_LISTED = 1_000;

/**
 * Compares tree, database, evidence, kept heads and tiles, audit chains and timestamps of all logs. It changes nothing, and its memory
 * does not grow with the logs. On a running service, a head of this moment may be between database and folder.
 */
@Injectable()
export class LedgerFsck {
  constructor(
    private readonly database: Database,
    private readonly logs: LedgerLogs,
    private readonly checks: LogChecks,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(): Promise<FsckReport> {
    const logs: CheckedLog[] = [];
    const faults: FsckFault[] = [];
    let faultCount = 0;
    for (const bank of await this.logs.banks()) {
      for (const kind of logKinds) {
        const { checked, found, count } = await this.#checkLog(bank, kind);
        logs.push(checked);
        faults.push(...found);
        faultCount += count;
      }
    }
    return { checkedAt: formatInstant(this.clock.now()), logs, faultCount, faults };
  }

  async #checkLog(
    bank: string,
    kind: LogKind,
  ): Promise<{ readonly checked: CheckedLog; readonly found: readonly FsckFault[]; readonly count: number }> {
    const tally = { lost: 0, gaps: [] as CheckedLog['timestampGaps'][number][] };
    const found: FsckFault[] = [];
    let count = 0;
    for await (const fault of this.#faultsOf(bank, kind, tally)) {
      count += 1;
      if (count <= MAX_LISTED) found.push({ bank, log: kind, ...fault });
    }
    const leaves = await selectLastNumber(this.database, bank, kind);
    return { checked: { bank, log: kind, leaves, lost: tally.lost, timestampGaps: tally.gaps }, found, count };
  }

  async *#faultsOf(bank: string, kind: LogKind, tally: Tally): AsyncGenerator<LogFault> {
    const minuteAgo = addMs(this.clock.now(), -MINUTE_MS);
    const unnumbered = kind === 'evidence' ? await countUnnumbered(this.database, bank, minuteAgo) : 0;
    if (unnumbered > 0) yield { fault: 'unnumbered', detail: String(unnumbered) };
    const log = await this.logs.findLog(bank, kind);
    if (!log) return;
    const { heads, leaves, chains } = this.checks;
    if (kind === 'audit') yield* chains.faultsOf(log, this.clock.now());
    try {
      yield* heads.faultsOf(log);
      yield* leaves.faultsOf(log, () => (tally.lost += 1));
      yield* this.#faultsOfTimestamps(log, tally);
    } catch (error) {
      if (!(error instanceof DirectoryFault)) throw error;
      yield { fault: 'directory', detail: error.reason };
    }
  }

  async *#faultsOfTimestamps(log: LedgerLog, { gaps }: Tally): AsyncGenerator<LogFault> {
    for await (const fault of this.checks.timestamps.faultsOf(log, this.clock.now())) {
      if (fault.kind === 'gap') {
        const to = fault.stampedAt && formatInstant(fault.stampedAt);
        gaps.push({ from: formatInstant(fault.signedAt), ...(to !== undefined && { to }) });
      } else if (fault.kind === 'wrong') yield { fault: 'timestamp-wrong', size: fault.size, detail: fault.reason };
      else yield { fault: 'timestamp-not-kept', size: fault.size };
    }
  }
}

interface Tally {
  lost: number;
  readonly gaps: CheckedLog['timestampGaps'][number][];
}
