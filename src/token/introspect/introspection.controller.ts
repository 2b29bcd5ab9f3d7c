import { Controller, Header, HttpCode, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExtraModels, ApiOperation, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ClientAuthentication } from '../../client-auth/access.ts';
import { Answers, header } from '../../openapi/answers.ts';
import { example } from '../../openapi/api-examples.ts';
import { RefusesForm } from '../oauth/refuses-form.ts';
import { TakesForm } from '../form/takes-form.ts';
import {
  ActiveTokenDto,
  exampleIntrospections,
  exampleTokenFacts,
  InactiveTokenDto,
  IntrospectionFormDto,
} from './introspection.dto.ts';
import { OAuthErrorFilter } from '../oauth/oauth-error.filter.ts';
import { readForm } from '../form/read-form.ts';
import { IntrospectionService } from './introspection.service.ts';

const EITHER = {
  oneOf: [{ $ref: getSchemaPath(ActiveTokenDto) }, { $ref: getSchemaPath(InactiveTokenDto) }],
};

@ApiTags('consents')
@ClientAuthentication()
@UseFilters(OAuthErrorFilter)
@Controller('introspect')
export class IntrospectionController {
  constructor(private readonly introspection: IntrospectionService) {}

  /** Holds the payer's personal number: never to be kept by a cache. */
  @Post()
  @ApiOperation({
    operationId: 'introspectToken',
    summary: 'A bank asks what a token that it was shown is good for (RFC 7662)',
    description:
      '`Accept: application/token-introspection+jwt` gives a signed answer (RFC 9701), encrypted for a bank that ' +
      'registered a key.',
  })
  @TakesForm(IntrospectionFormDto, exampleIntrospections)
  @ApiExtraModels(ActiveTokenDto, InactiveTokenDto)
  @Answers(200, {
    description: 'What the token is good for; holds the payer’s personal number',
    content: {
      'application/json': { schema: EITHER, examples: exampleTokenFacts },
      'application/token-introspection+jwt': {
        schema: { type: 'string', description: 'JWS, or JWE of a JWS' },
        examples: { signed: example.jwt },
      },
    },
    headers: { Vary: header('The answer depends on Accept', 'Accept') },
  })
  @RefusesForm()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async introspect(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { type, body } = await this.introspection.introspect(request, await readForm(request));
    response.setHeader('Vary', 'Accept').setHeader('Content-Type', type).end(body);
  }
}
