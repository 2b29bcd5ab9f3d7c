import { Module } from '@nestjs/common';
import { SignatoriesModule } from '../identity/signatories.module.ts';
import { ExportOrdersModule } from '../orders/export-orders.module.ts';
import { ApprovalsController } from './approvals.controller.ts';
import { ExportApprovals } from './export-approvals.ts';

/** Exports approved by a second person of the bank. */
@Module({
  imports: [ExportOrdersModule, SignatoriesModule],
  controllers: [ApprovalsController],
  providers: [ExportApprovals],
})
export class ApprovalsModule {}
