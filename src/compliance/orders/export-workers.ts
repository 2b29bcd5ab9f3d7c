import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '../../database/database.ts';
import { addMs, DAY_MS, SECOND_MS } from '../../kernel/clock.ts';
import { codeOf } from '../../kernel/errors.ts';
import { describeError } from '../../operations/describe-error.ts';
import { Workers } from '../../operations/workers.ts';
import { ExportJournal, OrderUnapproved } from './export-journal.ts';
import type { ClaimedOrder, ExportFailure } from './export-order.ts';
import {
  claimExportOrder,
  endExportOrder,
  markExportsRemoved,
  releaseExportOrder,
  selectExpiredExports,
  selectLeftoverExports,
  selectStalledExports,
  selectUnapprovedExports,
} from './export-order.repository.ts';
import { ExportWork, LEASE_MS, OrderErased, OrderLost } from './export-work.ts';
import { ExportResults } from './result/export-results.ts';

const WORK_MS = SECOND_MS;
/** The sequencer numbers new evidence each second. */
const NUMBERED_MS = 2 * SECOND_MS;
const SWEEP_MS = 60 * SECOND_MS;
/** How long a result is kept. */
export const KEPT_MS = 3 * DAY_MS;

/** How long an order waits for its approval. */
export const APPROVED_WITHIN_MS = 7 * DAY_MS;

/** Works on the orders of all banks, one at a time in each instance, oldest first, and removes results that have had their time. */
@Injectable()
export class ExportWorkers implements OnModuleDestroy {
  readonly #log = new Logger(ExportWorkers.name);
  #isOver = false;

  constructor(
    private readonly database: Database,
    private readonly work: ExportWork,
    private readonly results: ExportResults,
    private readonly journal: ExportJournal,
    workers: Workers,
  ) {
    workers.add({ name: 'exports', intervalMs: WORK_MS, batch: 1, runOnce: () => this.runOnce() });
    workers.add({ name: 'export-sweeper', intervalMs: SWEEP_MS, runOnce: () => this.sweepOnce() });
  }

  /** An order that is not done is left to another instance. */
  onModuleDestroy(): void {
    this.#isOver = true;
  }

  /**
   * One attempt at one order.
   * @returns how many there were
   * @throws what ended the attempt, unless another attempt has begun or it ended the order
   */
  async runOnce(): Promise<number> {
    if (!this.results.isConfigured || this.#isOver) return 0;
    const now = this.journal.now();
    const order = await claimExportOrder(this.database, now, addMs(now, LEASE_MS));
    if (!order) return 0;
    try {
      const end = await this.work.run(order, await this.results.filesOf(order.exportId), () => !this.#isOver);
      if (end === 'done') await this.results.remove(order.exportId, order.attempt, order.attempt);
      else await releaseExportOrder(this.database, order, end === 'early' ? addMs(now, NUMBERED_MS) : now);
    } catch (error) {
      await this.#failed(order, error);
    }
    return 1;
  }

  /** Ends results that have had their time, and orders that come no further; removes what is left of those that have ended. */
  async sweepOnce(): Promise<void> {
    if (!this.results.isConfigured) return;
    const now = this.journal.now();
    for (const order of await selectExpiredExports(this.database, addMs(now, -KEPT_MS)))
      await this.#end(order, { state: 'expired' });
    for (const order of await selectUnapprovedExports(this.database, addMs(now, -APPROVED_WITHIN_MS)))
      await this.#end(order, { state: 'expired' });
    for (const order of await selectStalledExports(this.database, now)) await this.#end(order, failed('gave-up'));
    const removed: string[] = [];
    for (const { exportId, attempt } of await selectLeftoverExports(this.database, now)) {
      if (await this.results.remove(exportId, attempt)) removed.push(exportId);
    }
    await markExportsRemoved(this.database, removed);
  }

  async #failed(order: ClaimedOrder, error: unknown): Promise<void> {
    if (error instanceof OrderLost) return;
    const failure = failureOf(error);
    if (!failure) throw error;
    this.#log.error({ msg: `an export failed: ${failure}`, err: describeError(error) });
    await this.#end(order, failed(failure));
  }

  async #end(
    { exportId, attempt }: Pick<ClaimedOrder, 'exportId' | 'attempt'>,
    end: { readonly state: 'expired' } | { readonly state: 'failed'; readonly failure: ExportFailure },
  ): Promise<void> {
    const from =
      end.state === 'expired' ? (['awaiting-approval', 'ready'] as const) : (['waiting', 'running'] as const);
    const hasEnded = await this.database.inTransaction(async (tx) => {
      if (!(await endExportOrder(tx, { exportId, attempt }, { ...end, from }, this.journal.now()))) return false;
      const detail = 'failure' in end ? { failure: end.failure } : {};
      await this.journal.record(tx, exportId, `export.${end.state}`, 'service', detail);
      return true;
    });
    if (!hasEnded) return;
    if ('failure' in end) this.journal.countFailed(end.failure);
    await this.results.remove(exportId, attempt);
    this.journal.announce(exportId);
  }
}

function failed(failure: ExportFailure): { readonly state: 'failed'; readonly failure: ExportFailure } {
  return { state: 'failed', failure };
}

/** Undefined for what another attempt may get over. */
function failureOf(error: unknown): ExportFailure | undefined {
  if (error instanceof OrderErased) return 'erased';
  if (error instanceof OrderUnapproved) return 'unapproved';
  const code = codeOf(error);
  if (code === 'evidence.no-bundle') return 'unsealable';
  if (['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code)) return 'full';
  return ['ENOENT', 'ENOTDIR', 'EROFS', 'EACCES', 'EPERM', 'EIO'].includes(code) ? 'unwritable' : undefined;
}
