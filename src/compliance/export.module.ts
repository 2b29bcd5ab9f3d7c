import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.ts';
import { EvidenceModule } from '../evidence/evidence.module.ts';
import { LedgerModule } from '../ledger/ledger.module.ts';
import { SealsModule } from '../seals/seals.module.ts';
import { EvidenceBundles } from './bundles/evidence-bundles.ts';
import { ConsentPages } from './export/consent-pages.ts';
import { ConsentFiles } from './export/consent-files.ts';
import { ExportLedger } from './export/ledger/export-ledger.ts';
import { Manifests } from './export/manifests.ts';
import { Exports } from './exports.ts';
import { LoginExports } from './login-exports.ts';

/** Exports, with no more of the service than they need. */
@Module({
  imports: [AuditModule, EvidenceModule, LedgerModule, SealsModule],
  providers: [ConsentFiles, ConsentPages, EvidenceBundles, ExportLedger, Exports, LoginExports, Manifests],
  exports: [ConsentFiles, ConsentPages, EvidenceBundles, ExportLedger, Exports, LoginExports, Manifests],
})
export class ExportModule {}
