import { randomUUID } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import type { INestApplicationContext } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.ts';
import { Exports, type ExportSummary } from '../../compliance/exports.ts';
import { formatInstant, systemClock } from '../../kernel/clock.ts';
import { bankSubject } from '../../kernel/subject.ts';
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

async function runExport(job: ExportJob): Promise<ExportSummary> {
  const context = await openExportContext();
  try {
    const exportId = randomUUID();
    await recordBreakGlass(context, job, exportId);
    return await context.get(Exports).writeExport(job.request, new DescriptorWriter(job.fd, WRITTEN_AHEAD), exportId);
  } finally {
    await context.close();
  }
}

/** In the bank's own chain, which its audit log covers: it is committed before the first octet of the export is written. */
async function recordBreakGlass(
  context: INestApplicationContext,
  { request, bank, caseReference }: ExportJob,
  exportId: string,
): Promise<void> {
  const { from, to, tpp = null, consentId = null, requestedBy: actor } = request;
  const detail = { exportId, caseReference, from: formatInstant(from), to: formatInstant(to), tpp, consentId };
  const event = { type: 'export.break-glass-used', at: systemClock.now(), actor, detail };
  await context.get(AuditTrail, { strict: false }).appendStandalone(bankSubject(bank), event);
}

parentPort?.postMessage(await run(workerData as ExportJob));
