import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiResponse,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Access, CurrentCaller, type Caller } from '../tpp/access.ts';
import type { Report } from '../verification/report.ts';
import { incomingUpload, verdictForm } from '../verifying/incoming-upload.ts';
import { uploadSchema } from './upload/upload-schema.ts';
import { PURPOSE_HEADER, readingPurposes, type ReadingPurpose } from '../verifying/purpose.ts';
import { uploadTypes } from '../verifying/upload.ts';
import { EvidenceUploads } from './evidence-uploads.ts';
import { StatedPurpose } from './reading-purpose.ts';

/** Evidence that a bank or an auditor has got from somewhere and wants verified. */
@ApiTags('evidence')
@ApiSecurity('dpop')
@Controller('evidence/verify')
export class EvidenceUploadController {
  constructor(private readonly uploads: EvidenceUploads) {}

  @Post()
  @HttpCode(200)
  @Access({ roles: ['bank', 'auditor'], scope: 'evidence' })
  @ApiOperation({
    summary: 'Verify evidence that is sent, with what this installation trusts',
    description:
      'A ZIP of one evidence folder (at most 64 members, 4 MiB inflated), or a bare BankID completion as JSON. Trust, ' +
      'environment, relying party and time are those of this installation. Nothing sent is stored, and nothing stored is ' +
      'looked at. `Accept: application/jose` gives the report inside a JWS of type `sigill-verdict+jwt`, signed by a key ' +
      'of /jwks, for the archive.',
  })
  @ApiHeader({
    name: PURPOSE_HEADER,
    required: true,
    description: 'Why it is verified; kept in the audit trail of the caller.',
    schema: { type: 'string', enum: [...readingPurposes] },
  })
  @ApiConsumes(...uploadTypes)
  @ApiBody({ required: true, schema: uploadSchema })
  @ApiProduces('application/json', 'application/jose')
  @ApiOkResponse({ description: 'The report: the verdict, and every check with why it decided' })
  @ApiResponse({ status: 413, description: 'The body is larger than 1 MiB' })
  @ApiResponse({ status: 503, description: 'Too many uploads at once: wait as long as Retry-After says' })
  async verify(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @CurrentCaller() caller: Caller,
    @StatedPurpose() purpose: ReadingPurpose,
  ): Promise<Report | string> {
    const form = verdictForm(request);
    const verdict = await this.uploads.verify(incomingUpload(request), form, caller, purpose);
    response.type(form).setHeader('Cache-Control', 'no-store');
    return verdict;
  }
}
