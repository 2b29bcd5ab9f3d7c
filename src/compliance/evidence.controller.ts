import { Controller, Get, Header, Param, StreamableFile } from '@nestjs/common';
import { ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { JsonObject } from '../kernel/json.ts';
import { Access, CurrentCaller, type Caller } from '../client-auth/access.ts';
import type { Report } from '../verification/report.ts';
import type { ReadingPurpose } from '../uploads/purpose.ts';
import { EvidenceReads } from './evidence-reads.ts';
import { WantedForm, type EvidenceForm } from './read/evidence-form.ts';
import { StatedPurpose } from '../uploads/stated-purpose.ts';
import { UnderLoad } from '../http/route-declaration.ts';
import { Describe } from '../openapi/api-description.ts';
import { describeList, describeRead, describeVerification } from './description/describe-evidence.ts';

const noStore = (): MethodDecorator => Header('Cache-Control', 'no-store');

/** The signed evidence of a bank's own consents, for the bank and its auditors. */
@ApiTags('evidence')
@ApiSecurity('certificate')
@ApiSecurity('dpop')
@Controller()
export class EvidenceController {
  constructor(private readonly reads: EvidenceReads) {}

  readonly #forms = {
    'application/json': (id: string, caller: Caller, purpose: ReadingPurpose) =>
      this.reads.readEvidence(id, caller, purpose),
    'application/zip': async (id: string, caller: Caller, purpose: ReadingPurpose) =>
      new StreamableFile(await this.reads.readFolder(id, caller, purpose), {
        type: 'application/zip',
        disposition: 'attachment; filename="evidence.zip"',
      }),
  } satisfies Record<EvidenceForm, unknown>;

  @Get('consents/:id/evidence')
  @Describe(describeList)
  @Access({ roles: ['bank', 'auditor'], scope: 'evidence' })
  @noStore()
  async list(
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
    @StatedPurpose() purpose: ReadingPurpose,
  ): Promise<JsonObject> {
    return this.reads.listEvidence(id, caller, purpose);
  }

  @Get('evidence/:id')
  @Describe(describeRead)
  @Access({ roles: ['bank', 'auditor'], scope: 'evidence' })
  @noStore()
  @Header('Vary', 'Accept')
  async read(
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
    @StatedPurpose() purpose: ReadingPurpose,
    @WantedForm() form: EvidenceForm,
  ): Promise<JsonObject | StreamableFile> {
    return this.#forms[form](id, caller, purpose);
  }

  @Get('evidence/:id/verification')
  @UnderLoad('first')
  @Describe(describeVerification)
  @Access({ roles: ['bank', 'auditor'], scope: 'evidence', rate: 'verification' })
  @noStore()
  async verify(
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
    @StatedPurpose() purpose: ReadingPurpose,
  ): Promise<Report> {
    return this.reads.verifyEvidence(id, caller, purpose);
  }
}
