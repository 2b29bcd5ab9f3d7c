import { parentPort, workerData } from 'node:worker_threads';
import { Exports, type ExportSummary } from '../../compliance/exports.ts';
import { openExportContext } from '../command-context.ts';
import type { ExportJob, ExportOutcome } from './export-thread.ts';
import { DescriptorWriter } from '../output/descriptor-writer.ts';

/** So much is read from the database while the file takes what came before. */
const WRITTEN_AHEAD = 262_144;

/** The thread of `sigill export`. */
async function run(job: ExportJob): Promise<ExportOutcome> {
  try {
    return { summary: await runExport(job) };
  } catch (error) {
    const { name = 'Error', message = 'the export failed', code } = error as Partial<NodeJS.ErrnoException>;
    return { failure: { name, message, code } };
  }
}

async function runExport({ request, fd }: ExportJob): Promise<ExportSummary> {
  const context = await openExportContext();
  try {
    return await context.get(Exports).writeExport(request, new DescriptorWriter(fd, WRITTEN_AHEAD));
  } finally {
    await context.close();
  }
}

parentPort?.postMessage(await run(workerData as ExportJob));
