import { Controller, Header, HttpCode, Post, Req, UseFilters } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { ClientAuthentication } from '../../client-auth/access.ts';
import { UnderLoad } from '../../http/route-declaration.ts';
import { AnswersJson, dpopNonce } from '../../openapi/answers.ts';
import { readForm } from '../form/read-form.ts';
import { TakesForm, TakesProof } from '../form/takes-form.ts';
import { OAuthErrorFilter } from '../oauth/oauth-error.filter.ts';
import { RefusesForm } from '../oauth/refuses-form.ts';
import type { Acknowledgement } from './backchannel-requests.ts';
import {
  AcknowledgementDto,
  BackchannelFormDto,
  exampleAcknowledgement,
  exampleLoginAcknowledgement,
  exampleBackchannelRequests,
  TakesRequestKey,
} from './backchannel.dto.ts';
import { BackchannelService } from './backchannel.service.ts';

const exampleAcknowledgements = { 'of-a-payment': exampleAcknowledgement, 'of-a-login': exampleLoginAcknowledgement };

@ApiTags('backchannel')
@ClientAuthentication()
@UseFilters(OAuthErrorFilter)
@UnderLoad('first')
@Controller('backchannel')
export class BackchannelController {
  constructor(private readonly backchannel: BackchannelService) {}

  @Post()
  @ApiOperation({
    operationId: 'requestByBackchannel',
    summary: 'A client asks a person, in its own app, by a QR code or in a phone call (OpenID CIBA Core §7)',
    description:
      'For one payment (authorization_details), or for a login by name of its scopes. The token is fetched at /token. All parameters are in one signed request.',
  })
  @TakesProof()
  @TakesRequestKey()
  @TakesForm(BackchannelFormDto, exampleBackchannelRequests)
  @AnswersJson(200, 'The person can answer', AcknowledgementDto, exampleAcknowledgements, dpopNonce)
  @RefusesForm(
    'dpop.missing',
    'dpop.invalid',
    'dpop.replayed',
    'dpop.nonce-required',
    'initiation.invalid',
    'oauth.unauthorized-client',
    'oauth.invalid-scope',
    'oauth.invalid-target',
    'oauth.invalid-binding-message',
    'oauth.unmet-authentication-requirements',
    'request.idempotency-differs',
    'consent.too-many-orders',
    'login.too-many-orders',
    'bankid.already-in-progress',
    'bankid.refused',
    'bankid.unavailable',
  )
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async request(@Req() request: Request): Promise<Acknowledgement> {
    return this.backchannel.request(request, await readForm(request));
  }
}
