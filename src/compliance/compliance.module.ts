import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.ts';
import { EvidenceModule } from '../evidence/evidence.module.ts';
import { KeysModule } from '../keys/keys.module.ts';
import { EvidenceController } from './evidence.controller.ts';
import { EvidenceReads } from './evidence-reads.ts';
import { EvidenceUploadController } from './evidence-upload.controller.ts';
import { Exports } from './exports.ts';
import { Reverification } from './reverification.ts';
import { verdictsOfService } from './verdicts-of-service.ts';

@Module({
  imports: [AuditModule, EvidenceModule, KeysModule],
  controllers: [EvidenceController, EvidenceUploadController],
  providers: [EvidenceReads, Exports, Reverification, verdictsOfService],
  exports: [Exports, Reverification],
})
export class ComplianceModule {}
