import { Controller, Get, Header, Inject, Param, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import { findBrowserCookie } from '../../consent/browser-cookie.ts';
import { parseInteractionId } from '../../kernel/ids.ts';
import { ChangesNothing } from '../../http/route-declaration.ts';
import { BoundBrowser, Public } from '../../client-auth/access.ts';
import { readForm, readQuery } from '../oauth/read-form.ts';
import { AuthorizeService } from './authorize.service.ts';
import { NoticeFilter } from './notice.filter.ts';
import { ReturnService } from './return.service.ts';
import { UnderLoad } from '../../http/route-declaration.ts';
import { Describe } from '../../openapi/api-description.ts';
import { describeAuthorize, describeAuthorizeByForm, describeReturn } from './describe-authorize.ts';

/** What a browser visits. The answer is 303, never 307: nothing that was posted may follow (FAPI 2.0 §5.3.2.2). */
@ApiTags('OAuth')
@UseFilters(NoticeFilter)
@UnderLoad('page')
@Controller('authorize')
export class AuthorizeController {
  readonly #authorize: AuthorizeService;
  readonly #return: ReturnService;
  readonly #issuer: string;

  constructor(authorize: AuthorizeService, returning: ReturnService, @Inject(CONFIG) config: AppConfig) {
    this.#authorize = authorize;
    this.#return = returning;
    this.#issuer = config.issuer;
  }

  /** From the TPP to our page (RFC 9126 §4). */
  @Get()
  @ChangesNothing()
  @Describe(describeAuthorize)
  @Public()
  @Header('Cache-Control', 'no-store')
  async begin(@Req() request: Request, @Res() response: Response): Promise<void> {
    sendTo(response, await this.#authorize.findPage(readQuery(request)));
  }

  /** The same by a form: OpenID Connect Core §3.1.2.1 wants both. */
  @Post()
  @Describe(describeAuthorizeByForm)
  @Public()
  @Header('Cache-Control', 'no-store')
  async beginByForm(@Req() request: Request, @Res() response: Response): Promise<void> {
    sendTo(response, await this.#authorize.findPage(await readForm(request)));
  }

  /** From our page to the TPP, in the browser that began. */
  @Get(':interaction/return')
  @UnderLoad('never')
  @Describe(describeReturn)
  @BoundBrowser()
  @Header('Cache-Control', 'no-store')
  async return(
    @Param('interaction') interaction: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const cookie = findBrowserCookie(this.#issuer, request.headers.cookie);
    sendTo(response, await this.#return.leave(parseInteractionId(interaction), cookie));
  }
}

/** Without a text beside it: the address holds a code. */
function sendTo(response: Response, address: string): void {
  response.status(303).setHeader('Location', address).end();
}
