import { Controller, Header, HttpCode, Post, Req, UseFilters } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { ClientAuthentication } from '../../client-auth/access.ts';
import { Answers } from '../../openapi/answers.ts';
import { RefusesForm } from '../oauth/refuses-form.ts';
import { TakesForm } from '../form/takes-form.ts';
import { exampleRevocations, RevocationFormDto } from './revocation.dto.ts';
import { OAuthErrorFilter } from '../oauth/oauth-error.filter.ts';
import { readForm } from '../form/read-form.ts';
import { RevocationService } from './revocation.service.ts';

@ApiTags('authorization')
@ClientAuthentication()
@UseFilters(OAuthErrorFilter)
@Controller('revoke')
export class RevocationController {
  constructor(private readonly revocation: RevocationService) {}

  @Post()
  @ApiOperation({
    operationId: 'revokeToken',
    summary: 'A client revokes one of its tokens, and with it the consent (RFC 7009)',
    description: "The answer is the same for unknown tokens, other clients' tokens and revoked ones.",
  })
  @TakesForm(RevocationFormDto, exampleRevocations)
  @Answers(200, { description: 'It is revoked, if it belongs to this client' })
  @RefusesForm()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async revoke(@Req() request: Request): Promise<void> {
    return this.revocation.revoke(request, await readForm(request));
  }
}
