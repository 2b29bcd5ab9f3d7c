import { Controller, Header, HttpCode, Post, Req, UseFilters } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { ClientAuthentication } from '../../client-auth/access.ts';
import { OAuthErrorFilter } from '../oauth/oauth-error.filter.ts';
import { readForm } from '../oauth/read-form.ts';
import { ParService } from './par.service.ts';
import type { PushedResponse } from './pushed-requests.ts';
import { UnderLoad } from '../../http/route-declaration.ts';
import { Describe } from '../../openapi/api-description.ts';
import { describePar } from './describe-par.ts';

@ApiTags('OAuth')
@ClientAuthentication()
@UseFilters(OAuthErrorFilter)
@UnderLoad('first')
@Controller('par')
export class ParController {
  readonly #par: ParService;

  constructor(par: ParService) {
    this.#par = par;
  }

  /** A TPP pushes one payment to be consented to (RFC 9126, RFC 9396). */
  @Post()
  @Describe(describePar)
  @HttpCode(201)
  @Header('Cache-Control', 'no-store')
  async push(@Req() request: Request): Promise<PushedResponse> {
    return this.#par.push(request, await readForm(request));
  }
}
