import { Controller, Header, HttpCode, Post, Req, UseFilters } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { ClientAuthentication } from '../../client-auth/access.ts';
import { OAuthErrorFilter } from '../oauth/oauth-error.filter.ts';
import { readForm } from '../oauth/read-form.ts';
import { RevocationService } from './revocation.service.ts';
import { Describe } from '../../openapi/api-description.ts';
import { describeRevocation } from '../introspect/describe-introspection.ts';

@ApiTags('OAuth')
@ClientAuthentication()
@UseFilters(OAuthErrorFilter)
@Controller('revoke')
export class RevocationController {
  readonly #revocation: RevocationService;

  constructor(revocation: RevocationService) {
    this.#revocation = revocation;
  }

  /** A client gives up a token of its own, and with it the consent (RFC 7009). */
  @Post()
  @Describe(describeRevocation)
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async revoke(@Req() request: Request): Promise<void> {
    return this.#revocation.revoke(request, await readForm(request));
  }
}
