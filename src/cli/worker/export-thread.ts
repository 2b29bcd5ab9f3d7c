import { Worker } from 'node:worker_threads';
import type { ExportRequest } from '../../compliance/export-request.ts';
import type { ExportSummary } from '../../compliance/exports.ts';

export interface ExportJob {
  readonly request: ExportRequest;
  /** The one whose evidence it is, and the case for which the glass is broken. */
  readonly bank: string;
  readonly caseReference: string;
  /** A file that is open for writing. The thread does not close it. */
  readonly fd: number;
}

/** Of an error its class is lost between threads. */
export type ExportOutcome =
  | { readonly summary: ExportSummary }
  | { readonly failure: { readonly name: string; readonly message: string; readonly code: unknown } };

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const thread = new URL(`./export-consents.${extension}`, import.meta.url);

/**
 * V8 collects garbage the later, the more memory the machine has: 6,000 consents took 300 MB of which 30 were live. Under these limits,
 * which only a thread can be given, they take 180, and 0.15 ms more of processor time each. What is live stays far below the limits.
 */
const HEAP_LIMITS = { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 1024 };

/**
 * Exports on a thread of its own. When this settles, nothing is being written any more.
 * @throws an error with name, message and code of what the thread threw
 */
export async function exportOnThread(job: ExportJob): Promise<ExportSummary> {
  const outcome = await outcomeOf(new Worker(thread, { workerData: job, resourceLimits: HEAP_LIMITS }));
  if ('summary' in outcome) return outcome.summary;
  const { message, ...rest } = outcome.failure;
  throw Object.assign(new Error(message), rest);
}

function outcomeOf(worker: Worker): Promise<ExportOutcome> {
  return new Promise((resolve, reject) => {
    let settle = (): void => reject(new Error('the thread of the export ended without an outcome'));
    worker.once('message', (outcome: ExportOutcome) => (settle = () => resolve(outcome)));
    worker.once('error', reject);
    worker.once('exit', () => settle());
  });
}
