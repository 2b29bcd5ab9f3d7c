import { Controller, Header, HttpCode, Post, Req, UseFilters } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { ClientAuthentication } from '../../tpp/access.ts';
import { OAuthErrorFilter } from '../errors/oauth-error.filter.ts';
import { readForm } from '../form/read-form.ts';
import { ParService } from './par.service.ts';
import type { PushedResponse } from './pushed-requests.ts';

@ApiTags('OAuth')
@ClientAuthentication()
@UseFilters(OAuthErrorFilter)
@Controller('par')
export class ParController {
  readonly #par: ParService;

  constructor(par: ParService) {
    this.#par = par;
  }

  /** A TPP pushes one payment to be consented to (RFC 9126, RFC 9396). */
  @Post()
  @ApiOperation({ summary: 'A TPP pushes one payment to be consented to (RFC 9126, RFC 9396)' })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    schema: { type: 'string', maxLength: 40 },
    description: 'The same key and parameters within 24 hours: the same consent. Other parameters: 422',
  })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({
    schema: {
      type: 'object',
      properties: {
        response_type: { type: 'string', description: 'code' },
        client_id: { type: 'string' },
        redirect_uri: { type: 'string' },
        request: {
          type: 'string',
          description: 'Signed request object (RFC 9101); nothing else but client_id then counts',
        },
        scope: { type: 'string', description: 'openid, or nothing' },
        nonce: { type: 'string', description: 'For the id_token' },
        state: { type: 'string' },
        code_challenge: { type: 'string', description: 'S256' },
        code_challenge_method: { type: 'string', description: 'S256' },
        authorization_details: { type: 'string', description: 'JSON: an array of one payment_initiation (RFC 9396)' },
        resource: { type: 'string', description: 'The bank (RFC 8707)' },
        login_hint: { type: 'string', description: 'personnummer:YYYYMMDDNNNN' },
        dpop_jkt: { type: 'string' },
        client_assertion: { type: 'string' },
        client_assertion_type: { type: 'string' },
      },
    },
  })
  @HttpCode(201)
  @Header('Cache-Control', 'no-store')
  async push(@Req() request: Request): Promise<PushedResponse> {
    return this.#par.push(request, await readForm(request));
  }
}
