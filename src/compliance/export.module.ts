import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.ts';
import { EvidenceModule } from '../evidence/evidence.module.ts';
import { LedgerModule } from '../ledger/ledger.module.ts';
import { SealsModule } from '../seals/seals.module.ts';
import { ExportLedger } from './export/ledger/export-ledger.ts';
import { Manifests } from './export/manifests.ts';
import { Exports } from './exports.ts';
import { LoginExports } from './login-exports.ts';

/** Exports, with no more of the service than they need. */
@Module({
  imports: [AuditModule, EvidenceModule, LedgerModule, SealsModule],
  providers: [ExportLedger, Exports, LoginExports, Manifests],
  exports: [ExportLedger, Exports, LoginExports],
})
export class ExportModule {}
