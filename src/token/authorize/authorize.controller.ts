import { Controller, Get, Header, Inject, Param, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import { findBrowserCookie } from '../../attempts/browser-cookie.ts';
import { parseInteractionId } from '../../kernel/ids.ts';
import { ChangesNothing } from '../../http/route-declaration.ts';
import { BoundBrowser, Public } from '../../client-auth/access.ts';
import { readForm, readQuery } from '../form/read-form.ts';
import { Answers, header, RefusesPages } from '../../openapi/answers.ts';
import { example } from '../../openapi/api-examples.ts';
import { PathParameter, QueryParameter } from '../../openapi/parameters.ts';
import { TakesForm } from '../form/takes-form.ts';
import { AuthorizeFormDto, exampleAuthorize } from './authorize.dto.ts';
import { AuthorizeService } from './authorize.service.ts';
import { LoginReturnService } from './login-return.service.ts';
import { NoticeFilter } from './notice.filter.ts';
import { ReturnService } from './return.service.ts';
import { UnderLoad } from '../../http/route-declaration.ts';

const Redirects = (description: string, to: string): MethodDecorator =>
  Answers(303, { description, headers: { Location: header('Where the browser goes', to) } });

/** The routes that a browser visits. They answer 303, never 307, so that no posted data is sent on (FAPI 2.0 §5.3.2.2). */
@ApiTags('authorization')
@UseFilters(NoticeFilter)
@UnderLoad('page')
@Controller('authorize')
export class AuthorizeController {
  constructor(
    private readonly authorize: AuthorizeService,
    private readonly returning: ReturnService,
    private readonly logins: LoginReturnService,
    @Inject(CONFIG) private readonly config: AppConfig,
  ) {}

  @Get()
  @ChangesNothing()
  @ApiOperation({
    operationId: 'openAuthorizationPage',
    summary: 'Sends the browser from the client to our page (RFC 9126 §4)',
    description:
      'Redirects the browser to the page where the person signs the payment, or logs in. Each request_uri opens one payment or login.',
  })
  @QueryParameter('client_id', 'The client that pushed', exampleAuthorize.client_id)
  @QueryParameter('request_uri', 'The request_uri from the answer to the push', exampleAuthorize.request_uri)
  @Redirects('To the page of the payment', `${example.issuer}/pay/${example.interaction}`)
  @RefusesPages('oauth.invalid-request', 'oauth.invalid-request-uri')
  @Public()
  @Header('Cache-Control', 'no-store')
  async begin(@Req() request: Request, @Res() response: Response): Promise<void> {
    sendTo(response, await this.authorize.getPage(readQuery(request)));
  }

  @Post()
  @ApiOperation({
    operationId: 'postAuthorizationRequest',
    summary: 'Sends the browser to our page by a posted form (OpenID Connect Core §3.1.2.1)',
    description: 'Like GET /authorize, for clients that post their authorization requests.',
  })
  @TakesForm(AuthorizeFormDto, { "The payer's link, sent as a form": exampleAuthorize })
  @Redirects('To the page of the payment', `${example.issuer}/pay/${example.interaction}`)
  @RefusesPages(
    'oauth.invalid-request',
    'oauth.invalid-request-uri',
    'request.malformed',
    'request.too-large',
    'request.unsupported-media-type',
  )
  @Public()
  @Header('Cache-Control', 'no-store')
  async beginByForm(@Req() request: Request, @Res() response: Response): Promise<void> {
    sendTo(response, await this.authorize.getPage(await readForm(request)));
  }

  @Get(':interaction/return')
  @UnderLoad('never')
  @ApiOperation({
    operationId: 'returnToTpp',
    summary: 'Sends the browser from our page back to the TPP',
    description:
      'Only the browser that began it is let through. The redirect has code or error, state and iss (RFC 9207).',
  })
  @PathParameter('interaction', 'Names the payment', { pattern: '^[A-Za-z0-9_-]{22}$' }, example.interaction)
  @Redirects('To the TPP', `http://localhost:3003/callback?code=${example.code}&state=order-4711&iss=${example.issuer}`)
  @RefusesPages('browser.not-bound', 'consent.not-found', 'consent.altered')
  @BoundBrowser()
  @Header('Cache-Control', 'no-store')
  async return(
    @Param('interaction') interaction: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const cookie = findBrowserCookie(this.config.issuer, request.headers.cookie);
    sendTo(response, await this.returning.leave(parseInteractionId(interaction), cookie));
  }

  @Get('login/:interaction/return')
  @UnderLoad('never')
  @ApiOperation({
    operationId: 'returnFromLogin',
    summary: 'Sends the browser from our page back to the client of a login',
    description:
      'Only the browser that began it is let through. The redirect has code or error, state and iss (RFC 9207).',
  })
  @PathParameter('interaction', 'Names the login', { pattern: '^[A-Za-z0-9_-]{22}$' }, example.interaction)
  @Redirects(
    'To the client',
    `http://localhost:3003/callback?code=${example.code}&state=visit-17&iss=${example.issuer}`,
  )
  @RefusesPages('browser.not-bound', 'login.not-found')
  @BoundBrowser()
  @Header('Cache-Control', 'no-store')
  async returnFromLogin(
    @Param('interaction') interaction: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const cookie = findBrowserCookie(this.config.issuer, request.headers.cookie);
    sendTo(response, await this.logins.leave(parseInteractionId(interaction), cookie));
  }
}

/** Without a body that repeats the address, which holds a code. */
function sendTo(response: Response, address: string): void {
  response.status(303).setHeader('Location', address).end();
}
