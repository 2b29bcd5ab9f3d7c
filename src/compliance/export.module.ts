import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.ts';
import { EvidenceModule } from '../evidence/evidence.module.ts';
import { KeysModule } from '../keys/keys.module.ts';
import { Manifests } from './export/manifests.ts';
import { Exports } from './exports.ts';
import { LoginExports } from './login-exports.ts';

/** Exports, with no more of the service than they need. */
@Module({
  imports: [AuditModule, EvidenceModule, KeysModule],
  providers: [Exports, LoginExports, Manifests],
  exports: [Exports, LoginExports],
})
export class ExportModule {}
