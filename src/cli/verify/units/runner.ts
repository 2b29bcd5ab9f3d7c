import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { makeSettings, type SettingsSource } from '../../../evidence-files/verify-settings.ts';
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
  readonly reveal: boolean;
  readonly form: 'report' | 'json';
}

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const worker = new URL(`../../worker/verify-units.${extension}`, import.meta.url);
/** Starting a thread costs as much as some hundred verifications. */
const WORTH_THREADS = 400;

/** Uses this thread only, or several others; for few evidences the others would cost more than they save. */
export async function openRunner(
  { source, reveal, form }: WorkerSource,
  count: number,
  jobs: number = availableParallelism(),
): Promise<Runner> {
  if (jobs === 1 || count < WORTH_THREADS) {
    const verifier = new UnitVerifier(makeSettings(source), reveal, form);
    return {
      width: 1,
      run: (unit) => settled(() => verifier.verify(unit)),
      close: () => settled(() => verifier.close()),
    };
  }
  const { Piscina } = await import('piscina');
  const pool = new Piscina<Unit, readonly UnitResult[]>({
    filename: fileURLToPath(worker),
    workerData: { source, reveal, form } satisfies WorkerSource,
    minThreads: jobs,
    maxThreads: jobs,
  });
  return { width: jobs * 4, run: (unit) => pool.run(unit), close: () => pool.destroy() };
}

/** The results in the order of the units; no more units are processed at once than the runner's width. */
export async function* runAll(runner: Runner, units: Iterable<Unit>): AsyncGenerator<UnitResult> {
  const underWay: Promise<readonly UnitResult[]>[] = [];
  for (const unit of units) {
    underWay.push(runner.run(unit));
    if (underWay.length >= runner.width) yield* (await underWay.shift()) ?? [];
  }
  for (const rest of underWay) yield* await rest;
}

// eslint-disable-next-line @typescript-eslint/require-await -- what is thrown is a rejection, as from another thread
async function settled<T>(work: () => T): Promise<T> {
  return work();
}
