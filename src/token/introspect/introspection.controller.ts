import { Controller, Header, HttpCode, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ClientAuthentication } from '../../client-auth/access.ts';
import { OAuthErrorFilter } from '../oauth/oauth-error.filter.ts';
import { readForm } from '../oauth/read-form.ts';
import { IntrospectionService } from './introspection.service.ts';
import { Describe } from '../../openapi/api-description.ts';
import { describeIntrospection } from './describe-introspection.ts';

@ApiTags('OAuth')
@ClientAuthentication()
@UseFilters(OAuthErrorFilter)
@Controller('introspect')
export class IntrospectionController {
  readonly #introspection: IntrospectionService;

  constructor(introspection: IntrospectionService) {
    this.#introspection = introspection;
  }

  /** A bank asks what a token that it was shown is good for (RFC 7662). Holds the payer's personal number: never to be kept by a cache. */
  @Post()
  @Describe(describeIntrospection)
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async introspect(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { type, body } = await this.#introspection.introspect(request, await readForm(request));
    response.setHeader('Vary', 'Accept').setHeader('Content-Type', type).end(body);
  }
}
