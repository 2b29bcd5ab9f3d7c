import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.ts';
import { EvidenceModule } from '../evidence/evidence.module.ts';
import { KeysModule } from '../keys/keys.module.ts';
import { LedgerModule } from '../ledger/ledger.module.ts';
import { SealsModule } from '../seals/seals.module.ts';
import { ApprovalsModule } from './approvals/approvals.module.ts';
import { AuditReading } from './audit-reading.ts';
import { BundleReads } from './bundles/bundle-reads.ts';
import { Reseals } from './reseals.ts';
import { EvidenceReads } from './read/evidence-reads.ts';
import { EvidenceUploadController } from './evidence-upload.controller.ts';
import { EvidenceController } from './evidence.controller.ts';
import { ExportModule } from './export.module.ts';
import { ExportOrdersModule } from './orders/export-orders.module.ts';
import { LoginEvidenceReads } from './logins/login-evidence-reads.ts';
import { LoginEvidenceController } from './logins/login-evidence.controller.ts';
import { Reverification } from './reverification.ts';
import { Figures } from './figures.ts';
import { KeptEvidence } from './reverify/kept-evidence.ts';
import { StoredRows } from './reverify/stored-rows.ts';
import { StoredIdentifications } from './reverify/stored-identifications.ts';
import { StoredVerdicts } from './reverify/stored-verdicts.ts';
import { VerdictsOfPeriod } from './reverify/verdicts-of-period.ts';
import { verdictsOfService } from './verdicts-of-service.ts';

@Module({
  imports: [
    AuditModule,
    EvidenceModule,
    ExportModule,
    ExportOrdersModule,
    ApprovalsModule,
    KeysModule,
    LedgerModule,
    SealsModule,
  ],
  controllers: [EvidenceController, EvidenceUploadController, LoginEvidenceController],
  providers: [
    AuditReading,
    BundleReads,
    Reseals,
    EvidenceReads,
    Figures,
    KeptEvidence,
    LoginEvidenceReads,
    Reverification,
    StoredRows,
    StoredIdentifications,
    StoredVerdicts,
    VerdictsOfPeriod,
    verdictsOfService,
  ],
  exports: [AuditReading, ExportModule, Figures, Reseals, Reverification],
})
export class ComplianceModule {}
