import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Access, CurrentCaller, type Caller } from '../client-auth/access.ts';
import { answerVerdict } from '../uploads/incoming-upload.ts';
import type { ReadingPurpose } from '../uploads/purpose.ts';
import { StatedPurpose } from '../uploads/stated-purpose.ts';
import { Verdicts } from '../uploads/verdicts.ts';
import { UnderLoad } from '../http/route-declaration.ts';
import { Describe } from '../openapi/api-description.ts';
import { describeUpload } from './description/describe-evidence.ts';

/** Evidence that a bank or an auditor has got from somewhere and wants verified. */
@ApiTags('evidence')
@ApiSecurity('certificate')
@ApiSecurity('dpop')
@UnderLoad('upload')
@Controller('evidence/verify')
export class EvidenceUploadController {
  constructor(private readonly verdicts: Verdicts) {}

  @Post()
  @Describe(describeUpload)
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
