import { Controller, Get, Header, Param, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { JsonObject } from '../kernel/json.ts';
import { Access, accessCodes, CurrentCaller, type Caller } from '../client-auth/access.ts';
import type { Report } from '../verification/report.ts';
import type { ReadingPurpose } from '../uploads/purpose.ts';
import { BUNDLE_TYPE } from '../bundle/container.ts';
import { BundleReads } from './bundles/bundle-reads.ts';
import { EvidenceReads } from './read/evidence-reads.ts';
import { WantedForm, type EvidenceForm } from './read/evidence-form.ts';
import { StatedPurpose } from '../uploads/stated-purpose.ts';
import { UnderLoad } from '../http/route-declaration.ts';
import { Answers, AnswersJson, header, Refuses } from '../openapi/answers.ts';
import { example } from '../openapi/api-examples.ts';
import { UuidParameter } from '../openapi/parameters.ts';
import { EvidenceDto, EvidenceListDto, exampleEvidence, exampleEvidenceList } from './read/evidence.dto.ts';
import { exampleReport, ReportDto } from './read/report.dto.ts';
import { TakesPurpose } from './read/takes-purpose.ts';

const formCodes = [
  'request.not-acceptable',
  'evidence.no-bundle',
  'evidence.not-sealable',
  'ledger.unavailable',
] as const;
const readCodes = [...accessCodes, 'caller.purpose-required', 'evidence.not-found', 'service.key-missing'] as const;

const BUNDLE = {
  type: 'string',
  contentMediaType: BUNDLE_TYPE,
  description: 'The folder and its proof of the ledger, sealed (ASiC-E with CAdES); the same bytes each time',
};

const ZIP = { type: 'string', contentMediaType: 'application/zip', description: 'The evidence folder' };

const noStore = (): MethodDecorator => Header('Cache-Control', 'no-store');

/** The evidence of a bank's own consents, for the bank and its auditors. */
@ApiTags('evidence')
@Controller()
export class EvidenceController {
  constructor(
    private readonly reads: EvidenceReads,
    private readonly bundles: BundleReads,
  ) {}

  readonly #forms = {
    'application/json': (id: string, caller: Caller, purpose: ReadingPurpose) =>
      this.reads.readEvidence(id, caller, purpose),
    'application/zip': async (id: string, caller: Caller, purpose: ReadingPurpose) =>
      new StreamableFile(await this.reads.readFolder(id, caller, purpose), {
        type: 'application/zip',
        disposition: 'attachment; filename="evidence.zip"',
      }),
    [BUNDLE_TYPE]: async (id: string, caller: Caller, purpose: ReadingPurpose) =>
      new StreamableFile(await this.bundles.readBundle(id, caller, purpose), {
        type: BUNDLE_TYPE,
        disposition: `attachment; filename="${id}.asice"`,
      }),
  } satisfies Record<EvidenceForm, unknown>;

  @Get('consents/:id/evidence')
  @ApiOperation({
    operationId: 'listEvidence',
    summary: 'The evidence of a consent',
    description: 'The accepted signature and those that were not. The reading is recorded with its purpose.',
  })
  @UuidParameter('id', 'The consent', example.consentId)
  @TakesPurpose()
  @AnswersJson(200, 'The accepted one first', EvidenceListDto, { evidence: exampleEvidenceList })
  @Refuses(...readCodes)
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
  @ApiOperation({
    operationId: 'readEvidence',
    summary: 'Signature, OCSP response and everything stored with them',
    description:
      '`Accept: application/zip` gives the evidence folder, `application/vnd.etsi.asic-e+zip` the sealed bundle. The reading is recorded with its purpose before the answer is sent.',
  })
  @UuidParameter('id', 'The evidence', example.evidenceId)
  @TakesPurpose()
  @Answers(200, {
    description: 'The evidence, with the payer’s personal number',
    content: {
      'application/json': { schema: EvidenceDto, examples: { evidence: exampleEvidence } },
      'application/zip': { schema: ZIP, examples: { folder: 'UEsDBBQ…' } },
      [BUNDLE_TYPE]: { schema: BUNDLE, examples: { bundle: 'UEsDBAo…' } },
    },
    headers: { Vary: header('The answer depends on Accept', 'Accept') },
  })
  @Refuses(...readCodes, ...formCodes)
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
  @ApiOperation({
    operationId: 'verifyStoredEvidence',
    summary: 'Verifies the stored signature again',
    description: "By today's rules, for the time of the signature. Stored evidence does not change.",
  })
  @UuidParameter('id', 'The evidence', example.evidenceId)
  @TakesPurpose()
  @AnswersJson(200, 'Today’s verdict', ReportDto, { passed: exampleReport })
  @Refuses(...readCodes)
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
