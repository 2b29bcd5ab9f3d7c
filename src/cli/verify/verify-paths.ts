import { outcomeOf } from '../../bundle/outcome.ts';
import type { BundleTrust } from '../../bundle/trust.ts';
import { ExportComparison, type Comparison } from './export/export-comparison.ts';
import type { Plan } from './units/plan.ts';
import { unitsOf } from './units/plan.ts';
import { runAll, type Runner } from './units/runner.ts';
import type { UnitResult } from './units/unit.ts';
import { checkedOfList, Tally, type ArchiveSummary } from './export/verify-archive.ts';

/** Receives results as they arrive. */
export interface Sink {
  /** One result: for a folder, a bare signature, or a file that is neither. */
  evidence(path: string, result: UnitResult): void;
  /** Other files of a directory, which were ignored. */
  leftAlone(path: string, names: readonly string[]): void;
  /** The result for an export or a directory as a whole, after its evidences. */
  archive(path: string, count: number, summary: ArchiveSummary): void;
}

export interface Work {
  readonly runner: Runner;
  /** Whose seals, timestamps and checkpoints are trusted. */
  readonly trust: Pick<BundleTrust, 'seal' | 'ledger'>;
  readonly sink: Sink;
  /** The tally of all paths. */
  readonly tally: Tally;
}

const NOTHING_AROUND: Comparison = { problems: [] };

/** Verifies everything in one path. */
export async function verifyPlan(plan: Plan, work: Work): Promise<void> {
  const own = new Tally();
  const record = (result: UnitResult): void => {
    own.add(result.report, result.outcome);
    work.tally.add(result.report, result.outcome);
    work.sink.evidence(plan.path, result);
  };
  if (plan.kind === 'refused') {
    record({ name: '', report: undefined, reason: plan.reason });
    return;
  }
  const comparison = plan.kind === 'zip' || plan.kind === 'directory' ? new ExportComparison(plan) : undefined;
  for await (const result of runAll(work.runner, unitsOf(plan))) {
    comparison?.add(result);
    record(result);
  }
  if (comparison?.lines) {
    for await (const line of runAll(work.runner, comparison.lines.units())) record(comparison.addLine(line));
  }
  if (plan.kind === 'directory' || plan.kind === 'bare') {
    for (const { name, reason } of plan.irregular) record({ name, report: undefined, reason: { message: reason } });
  }
  if ('leftAlone' in plan && plan.leftAlone.length > 0) work.sink.leftAlone(plan.path, plan.leftAlone);
  const { problems: warnings, format, ...around } = (await comparison?.finish(work.trust)) ?? NOTHING_AROUND;
  const { seal, ledger = { state: 'none' } } = around;
  const demands = { keptCheckpoint: work.trust.ledger.kept !== undefined };
  const isUnsigned = format === 'list' && own.count === 0;
  for (const tally of [own, work.tally]) {
    tally.addProblems(warnings);
    if (isUnsigned) tally.addUnsigned();
    if (seal) tally.addOutcome(outcomeOf({ container: 'export', seal, ledger }, demands));
  }
  work.sink.archive(plan.path, own.count, {
    ...own.verdict,
    warnings,
    ...around,
    ...(isUnsigned && { signatures: 'none', checked: checkedOfList }),
  });
}
