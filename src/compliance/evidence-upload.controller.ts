import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOperation, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { BUNDLE_TYPE } from '../bundle/container.ts';
import { Access, accessCodes, CurrentCaller, type Caller } from '../client-auth/access.ts';
import { answerVerdict } from '../uploads/incoming-upload.ts';
import type { ReadingPurpose } from '../uploads/purpose.ts';
import { StatedPurpose } from '../uploads/stated-purpose.ts';
import { Verdicts } from '../uploads/verdicts.ts';
import { UnderLoad } from '../http/route-declaration.ts';
import { Answers, Refuses } from '../openapi/answers.ts';
import { example } from '../openapi/api-examples.ts';
import { namedExamples } from '../openapi/json-body.ts';
import { BankIdCompletionDto, EvidenceUploadDto, exampleCompletion, exampleEvidence } from './read/evidence.dto.ts';
import { EvidenceReportDto, exampleEvidenceReport } from './read/evidence-report.dto.ts';
import { TakesPurpose } from './read/takes-purpose.ts';

const uploads = {
  required: true,
  content: {
    'application/json': {
      schema: { anyOf: [{ $ref: getSchemaPath(BankIdCompletionDto) }, { $ref: getSchemaPath(EvidenceUploadDto) }] },
      examples: namedExamples({ 'What BankID delivered': exampleCompletion, 'What was read here': exampleEvidence }),
    },
    [BUNDLE_TYPE]: {
      schema: { type: 'string', contentMediaType: BUNDLE_TYPE },
      examples: { bundle: { summary: 'A sealed bundle', value: 'UEsDBAoA…' } },
    },
    'application/zip': {
      schema: { type: 'string', contentMediaType: 'application/zip' },
      examples: { folder: { summary: 'An evidence folder', value: 'UEsDBBQ…' } },
    },
  },
};

const verdicts = {
  description: 'The verdict, and every check with its reason',
  content: {
    'application/json': { schema: EvidenceReportDto, examples: { passed: exampleEvidenceReport } },
    'application/jose': {
      schema: { type: 'string', description: 'JWS: the report and everything it depends on' },
      examples: { signed: example.jwt },
    },
    'text/plain': { schema: { type: 'string' }, examples: { text: 'TOTAL-PASSED' } },
  },
};

/** Verifies evidence that a bank or an auditor sends. */
@ApiTags('evidence')
@UnderLoad('upload')
@Controller('evidence/verify')
export class EvidenceUploadController {
  constructor(private readonly verdicts: Verdicts) {}

  @Post()
  @ApiOperation({
    operationId: 'verifyEvidence',
    summary: 'Verifies uploaded evidence with the trust of this installation',
    description:
      'A sealed bundle, a ZIP of one evidence folder (at most 1 MiB, 64 members, 4 MiB inflated), or as JSON a bare BankID completion or the ' +
      'answer of GET /evidence/{id}. An upload without evidence gets 422 `evidence.none` and no verdict. Trust, environment, ' +
      'relying party and time are those of this installation; `trusted` names what it trusts of seals, timestamps and ledgers.' +
      ' The upload is not stored, and nothing stored is read. ' +
      '`Accept: application/jose` gives the report inside a JWS of type `sigill-verdict+jwt`, signed by a key of /jwks, ' +
      'for archiving; `Accept: text/plain` gives a text for people.',
    requestBody: uploads,
  })
  @TakesPurpose()
  @ApiExtraModels(BankIdCompletionDto, EvidenceUploadDto)
  @Answers(200, verdicts)
  @Refuses(
    ...accessCodes,
    'caller.purpose-required',
    'evidence.none',
    'request.malformed',
    'request.too-large',
    'request.too-slow',
    'request.unsupported-media-type',
  )
  @HttpCode(200)
  @Access({ roles: ['bank', 'auditor'], scope: 'evidence', rate: 'verification' })
  verify(
    @Req() request: Request,
    @Res() response: Response,
    @CurrentCaller() caller: Caller,
    @StatedPurpose() purpose: ReadingPurpose,
  ): Promise<void> {
    return answerVerdict(this.verdicts, request, response, { caller: caller.clientId, purpose });
  }
}
