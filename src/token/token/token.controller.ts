import { Controller, Header, HttpCode, Post, Req, UseFilters } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { ClientAuthentication } from '../../client-auth/access.ts';
import { OAuthErrorFilter } from '../oauth/oauth-error.filter.ts';
import { readForm } from '../oauth/read-form.ts';
import { TokenService, type TokenResponse } from './token.service.ts';
import { Describe } from '../../openapi/api-description.ts';
import { describeToken } from './describe-token.ts';

@ApiTags('OAuth')
@ClientAuthentication()
@UseFilters(OAuthErrorFilter)
@Controller('token')
export class TokenController {
  readonly #tokens: TokenService;

  constructor(tokens: TokenService) {
    this.#tokens = tokens;
  }

  /** A code, or a client's own credentials, for an access token bound to its key (RFC 6749 §4.1.3, §4.4; RFC 9449 §5). */
  @Post()
  @Describe(describeToken)
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async issue(@Req() request: Request): Promise<TokenResponse> {
    return this.#tokens.issue(request, await readForm(request));
  }
}
