import { Module } from '@nestjs/common';
import { AuditChains } from './audit-chains.ts';
import { AuditTrail } from './audit-trail.ts';

@Module({ providers: [AuditTrail, AuditChains], exports: [AuditTrail, AuditChains] })
export class AuditModule {}
