import { Controller, Header, HttpCode, Post, Req, UseFilters } from '@nestjs/common';
import { ApiExtraModels, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { PaymentInitiationDto } from '../../consent/payment.dto.ts';
import { ClientAuthentication } from '../../client-auth/access.ts';
import { AnswersJson, dpopNonce } from '../../openapi/answers.ts';
import { OAuthErrorFilter } from '../oauth/oauth-error.filter.ts';
import { RefusesForm } from '../oauth/refuses-form.ts';
import { readForm } from '../form/read-form.ts';
import { TakesForm, TakesProof } from '../form/takes-form.ts';
import { examplePushed, examplePushes, PushedRequestDto, PushFormDto, TakesIdempotencyKey } from './par.dto.ts';
import { ParService } from './par.service.ts';
import type { PushedResponse } from './pushed-requests.ts';
import { UnderLoad } from '../../http/route-declaration.ts';

@ApiTags('authorization')
@ClientAuthentication()
@UseFilters(OAuthErrorFilter)
@UnderLoad('first')
@Controller('par')
export class ParController {
  constructor(private readonly par: ParService) {}

  @Post()
  @ApiOperation({
    operationId: 'pushAuthorizationRequest',
    summary: 'A client pushes one payment for consent, or one login (RFC 9126, RFC 9396)',
    description:
      'Creates the consent, which waits 300 s for its payer. The payment is in authorization_details and cannot be changed later. ' +
      'Without them, `openid` with a scope of id.oidc.se asks for a login.',
  })
  @TakesProof()
  @TakesIdempotencyKey()
  @TakesForm(PushFormDto, examplePushes)
  @ApiExtraModels(PaymentInitiationDto)
  @AnswersJson(
    201,
    'The consent, or the login, waits for its person',
    PushedRequestDto,
    { pushed: examplePushed },
    dpopNonce,
  )
  @RefusesForm(
    'dpop.missing',
    'dpop.invalid',
    'dpop.replayed',
    'dpop.nonce-required',
    'initiation.invalid',
    'oauth.unsupported-response-type',
    'oauth.invalid-scope',
    'oauth.unauthorized-client',
    'oauth.invalid-target',
    'oauth.invalid-request-object',
    'oauth.unmet-authentication-requirements',
    'request.idempotency-differs',
  )
  @HttpCode(201)
  @Header('Cache-Control', 'no-store')
  async push(@Req() request: Request): Promise<PushedResponse> {
    return this.par.push(request, await readForm(request));
  }
}
