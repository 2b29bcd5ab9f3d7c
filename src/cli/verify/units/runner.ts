import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { makeBundleTrust, type TrustSource } from '../../../bundle/trust.ts';
import { makeSettings, type SettingsSource } from '../../../evidence-files/verify-settings.ts';
import { tileReaders } from '../files/tile-reader.ts';
import { UnitVerifier, type Unit, type UnitResult } from './unit.ts';

/** Verifies units, in this thread or in others. */
export interface Runner {
  /** How many units to process at the same time. */
  readonly width: number;
  run(unit: Unit): Promise<readonly UnitResult[]>;
  close(): Promise<void>;
}

export interface WorkerSource {
  readonly source: SettingsSource;
  readonly trust: TrustSource;
  /** Of `--ledger`. */
  readonly ledger: string | undefined;
  readonly reveal: boolean;
  readonly form: 'report' | 'json';
}

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const worker = new URL(`../../worker/verify-units.${extension}`, import.meta.url);
/** Starting a thread costs as much as some hundred verifications. */
const WORTH_THREADS = 400;

/** Uses this thread only, or several others; for few evidences the others would cost more than they save. */
export async function openRunner(
  workerData: WorkerSource,
  count: number,
  jobs: number = availableParallelism(),
): Promise<Runner> {
  if (jobs === 1 || count < WORTH_THREADS) {
    const verifier = unitVerifierOf(workerData);
    return { width: 1, run: (unit) => verifier.verify(unit), close: () => verifier.close() };
  }
  const { Piscina } = await import('piscina');
  const pool = new Piscina<Unit, readonly UnitResult[]>({
    filename: fileURLToPath(worker),
    workerData,
    minThreads: jobs,
    maxThreads: jobs,
  });
  return { width: jobs * 4, run: (unit) => pool.run(unit), close: () => pool.destroy() };
}

/** The results in the order of the units; no more units are processed at once than the runner's width. */
export async function* runAll(runner: Runner, units: Iterable<Unit> | AsyncIterable<Unit>): AsyncGenerator<UnitResult> {
  const underWay: Promise<readonly UnitResult[]>[] = [];
  for await (const unit of units) {
    underWay.push(runner.run(unit));
    if (underWay.length >= runner.width) yield* (await underWay.shift()) ?? [];
  }
  for (const rest of underWay) yield* await rest;
}

/** What verifies units in one thread. */
export function unitVerifierOf({ source, trust, ledger, reveal, form }: WorkerSource): UnitVerifier {
  return new UnitVerifier(makeSettings(source), makeBundleTrust(trust, tileReaders(ledger)), reveal, form);
}
