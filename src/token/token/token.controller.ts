import { Controller, Header, HttpCode, Post, Req, UseFilters } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { ClientAuthentication } from '../../client-auth/access.ts';
import { AnswersJson, dpopNonce } from '../../openapi/answers.ts';
import { RefusesForm } from '../oauth/refuses-form.ts';
import { TakesForm, TakesProof } from '../form/takes-form.ts';
import { exampleTokenRequests, exampleTokens, TokenFormDto, TokenResponseDto } from './token.dto.ts';
import { OAuthErrorFilter } from '../oauth/oauth-error.filter.ts';
import { readForm } from '../form/read-form.ts';
import { TokenService, type TokenResponse } from './token.service.ts';

@ApiTags('authorization')
@ClientAuthentication()
@UseFilters(OAuthErrorFilter)
@Controller('token')
export class TokenController {
  constructor(private readonly tokens: TokenService) {}

  @Post()
  @ApiOperation({
    operationId: 'issueToken',
    summary: 'Issues an access token: for a code, for an auth_req_id, or to the client itself',
    description:
      'RFC 6749 §4.1.3 and §4.4, OpenID CIBA Core §10.1. The token is bound to the key of the DPoP proof (RFC 9449 §5) or to the client’s certificate (RFC 8705 §3). A token of a consent gives access to this consent only. It is valid for at most 300 s, and never longer than the bank may consume the consent. With an auth_req_id, authorization_pending says that the payer has not answered yet.',
  })
  @TakesProof()
  @TakesForm(TokenFormDto, exampleTokenRequests)
  @AnswersJson(200, 'The token', TokenResponseDto, exampleTokens, dpopNonce)
  @RefusesForm(
    'dpop.missing',
    'dpop.invalid',
    'dpop.replayed',
    'dpop.nonce-required',
    'grant.invalid',
    'grant.pending',
    'grant.slow-down',
    'grant.expired',
    'grant.denied',
    'oauth.unsupported-grant-type',
    'oauth.invalid-scope',
  )
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async issue(@Req() request: Request): Promise<TokenResponse> {
    return this.tokens.issue(request, await readForm(request));
  }
}
