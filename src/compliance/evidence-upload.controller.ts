import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Access, CurrentCaller, type Caller } from '../tpp/access.ts';
import type { Report } from '../verification/report.ts';
import { incomingUpload, verdictForm } from '../verifying/incoming-upload.ts';
import type { ReadingPurpose } from '../verifying/purpose.ts';
import { EvidenceUploads } from './evidence-uploads.ts';
import { StatedPurpose } from './reading-purpose.ts';
import { Describe } from '../platform/api-description.ts';
import { describeUpload } from './description/describe-evidence.ts';

/** Evidence that a bank or an auditor has got from somewhere and wants verified. */
@ApiTags('evidence')
@ApiSecurity('certificate')
@ApiSecurity('dpop')
@Controller('evidence/verify')
export class EvidenceUploadController {
  constructor(private readonly uploads: EvidenceUploads) {}

  @Post()
  @Describe(describeUpload)
  @HttpCode(200)
  @Access({ roles: ['bank', 'auditor'], scope: 'evidence' })
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
