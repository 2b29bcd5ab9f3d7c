import { Module } from '@nestjs/common';
import { AuditModule } from '../../audit/audit.module.ts';
import { EvidenceModule } from '../../evidence/evidence.module.ts';
import { SignatoriesModule } from '../identity/signatories.module.ts';
import { ExportModule } from '../export.module.ts';
import { ExportDownloads } from './export-downloads.ts';
import { ExportJournal } from './export-journal.ts';
import { ExportOrders } from './export-orders.ts';
import { ExportWork } from './export-work.ts';
import { ExportWorkers } from './export-workers.ts';
import { ExportsController } from './exports.controller.ts';
import { ExportResults } from './result/export-results.ts';

/** Exports by API: ordered, worked on by any instance, fetched. */
@Module({
  imports: [AuditModule, EvidenceModule, ExportModule, SignatoriesModule],
  controllers: [ExportsController],
  providers: [ExportDownloads, ExportJournal, ExportOrders, ExportResults, ExportWork, ExportWorkers],
  exports: [ExportJournal],
})
export class ExportOrdersModule {}
