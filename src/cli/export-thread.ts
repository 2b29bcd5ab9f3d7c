import { Worker } from 'node:worker_threads';
import type { ExportRequest } from '../compliance/export-request.ts';
import type { ExportSummary } from '../compliance/exports.ts';

export interface ExportJob {
  readonly request: ExportRequest;
  /** A file that is open for writing. The thread does not close it. */
  readonly fd: number;
}

/** Of an error its class is lost between threads. */
export type ExportOutcome =
  | { readonly summary: ExportSummary }
  | { readonly failure: { readonly name: string; readonly message: string; readonly code: unknown } };

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const thread = new URL(`./worker/export-consents.${extension}`, import.meta.url);

/**
 * V8 collects garbage the later, the more memory the machine has: 6,000 consents took 330 MB where 30 MB were live. Under these limits,
 * which only a thread can be given, they take 180. That costs 0.2 ms of processor time for a consent. Live memory is far below the limits.
 */
const HEAP_LIMITS = { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 1024 };

/** Exports on a thread of its own. @throws an error with name, message and code of what the thread threw */
export async function exportOnThread(job: ExportJob): Promise<ExportSummary> {
  const outcome = await new Promise<ExportOutcome>((resolve, reject) => {
    // `stdout`: else Node opens the standard output, and sets its pipe to fail when it is full instead of waiting.
    new Worker(thread, { workerData: job, resourceLimits: HEAP_LIMITS, stdout: true })
      .once('message', resolve)
      .once('error', reject)
      .once('exit', () => reject(new Error('the thread of the export ended without an outcome')));
  });
  if ('summary' in outcome) return outcome.summary;
  const { message, ...rest } = outcome.failure;
  throw Object.assign(new Error(message), rest);
}
