import { Controller, Get, Header, Param } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { JsonObject } from '../kernel/json.ts';
import { Access, CurrentCaller, type Caller } from '../tpp/access.ts';
import type { Report } from '../verification/report.ts';
import { PURPOSE_HEADER, readingPurposes, type ReadingPurpose } from '../verifying/purpose.ts';
import { EvidenceReads } from './evidence-reads.ts';
import { StatedPurpose } from './reading-purpose.ts';

const noStore = (): MethodDecorator => Header('Cache-Control', 'no-store');

/** The signed evidence of a bank's own consents, for the bank and its auditors. */
@ApiTags('evidence')
@ApiSecurity('dpop')
@ApiHeader({
  name: PURPOSE_HEADER,
  required: true,
  description: 'Why the evidence is read; kept in the audit trail of the consent.',
  schema: { type: 'string', enum: [...readingPurposes] },
})
@Controller()
export class EvidenceController {
  constructor(private readonly reads: EvidenceReads) {}

  @Get('consents/:id/evidence')
  @Access({ roles: ['bank', 'auditor'], scope: 'evidence' })
  @noStore()
  @ApiOperation({ summary: 'Which evidence a consent has' })
  async list(
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
    @StatedPurpose() purpose: ReadingPurpose,
  ): Promise<JsonObject> {
    return this.reads.listEvidence(id, caller, purpose);
  }

  @Get('evidence/:id')
  @Access({ roles: ['bank', 'auditor'], scope: 'evidence' })
  @noStore()
  @ApiOperation({ summary: 'Signature, OCSP response and everything kept with them' })
  async read(
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
    @StatedPurpose() purpose: ReadingPurpose,
  ): Promise<JsonObject> {
    return this.reads.readEvidence(id, caller, purpose);
  }

  @Get('evidence/:id/verification')
  @Access({ roles: ['bank', 'auditor'], scope: 'evidence' })
  @noStore()
  @ApiOperation({ summary: 'The stored signature verified once more, now' })
  async verify(
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
    @StatedPurpose() purpose: ReadingPurpose,
  ): Promise<Report> {
    return this.reads.verifyEvidence(id, caller, purpose);
  }
}
