import { applyDecorators, Controller, Get, Param, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { Device } from '../bankid-sign/sign-order.ts';
import type { AppConfig } from '../config/config.ts';
import { isSecure, newBrowserCookie, type BrowserCookie } from '../attempts/browser-cookie.ts';
import { type InteractionId, parseInteractionId } from '../kernel/ids.ts';
import { ChangesNothing, UnderLoad } from '../http/route-declaration.ts';
import { sendFormPage } from '../http/security-headers.ts';
import { BoundBrowser, Public } from '../client-auth/access.ts';
import { keepLanguage } from '../design/language.ts';
import { checkSameOrigin } from './http/check-same-origin.ts';
import { newDeviceIdentifier } from './http/device-identifier.ts';
import { sendTo } from './http/send-to.ts';
import { PageErrorFilter } from './http/page-error.filter.ts';
import { giveCookie, keepBinding, keepDeviceIdentifier, readVisitor } from './http/visitor.ts';
import { readWaitingCaller } from './http/waiting-caller.ts';
import type { InteractionPages, StatusPages } from './interaction-pages.ts';

/** A controller of the pages of one interaction, at this path. */
export const PagesOf = (path: 'pay' | 'login'): ClassDecorator =>
  applyDecorators(
    ApiExcludeController(),
    UseFilters(PageErrorFilter),
    UnderLoad('page'),
    Controller(`${path}/:interaction`),
  );

/**
 * The pages of one payment or login. A GET changes nothing that a link preview could change; every change is a POST of our own form.
 */
export abstract class InteractionController {
  protected abstract readonly root: 'pay' | 'login';
  readonly #issuer: string;

  constructor(
    private readonly pages: InteractionPages,
    private readonly statuses: StatusPages,
    { issuer }: AppConfig,
  ) {
    this.#issuer = issuer;
  }

  /** Public until a browser has begun; from then on that browser's. */
  @Get()
  @ChangesNothing()
  @Public()
  async show(@Param('interaction') name: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const visitor = readVisitor(this.#issuer, request);
    const page = await this.pages.show(parseInteractionId(name), visitor);
    giveCookie(this.#issuer, response, visitor);
    keepLanguage(request, response, isSecure(this.#issuer));
    sendFormPage(response, 200, page);
  }

  /** With `version` and `rfa`, what the page shows: answered when that changes, or after 20 s. */
  @Get('status')
  @BoundBrowser()
  async status(@Param('interaction') name: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const caller = readWaitingCaller(request, response);
    const visitor = readVisitor(this.#issuer, request);
    response.json(await this.statuses.getStatus(parseInteractionId(name), visitor, caller));
  }

  @Get('qr')
  @BoundBrowser()
  async qr(@Param('interaction') name: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const svg = await this.pages.getQrCode(parseInteractionId(name), readVisitor(this.#issuer, request));
    response.type('image/svg+xml').send(svg);
  }

  /** Where the BankID app sends the payer. */
  @Get('back')
  @UnderLoad('never')
  @BoundBrowser()
  async back(@Param('interaction') name: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const interactionId = parseInteractionId(name);
    await this.pages.recordReturn(interactionId, readVisitor(this.#issuer, request), request.query['nonce']);
    sendTo(response, this.#pathOf(interactionId));
  }

  @Post('start/this')
  @Public()
  async startHere(
    @Param('interaction') name: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.#start(name, 'this', request, response);
  }

  @Post('start/other')
  @Public()
  async startElsewhere(
    @Param('interaction') name: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.#start(name, 'other', request, response);
  }

  @Post('cancel')
  @BoundBrowser()
  async cancel(@Param('interaction') name: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    checkSameOrigin(this.#issuer, request.headers);
    const interactionId = parseInteractionId(name);
    await this.pages.cancel(interactionId, readVisitor(this.#issuer, request));
    sendTo(response, this.#pathOf(interactionId));
  }

  @Post('decline')
  @Public()
  async decline(@Param('interaction') name: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    checkSameOrigin(this.#issuer, request.headers);
    const interactionId = parseInteractionId(name);
    const keep = (cookie: BrowserCookie): void => keepBinding(this.#issuer, response, cookie);
    await this.pages.decline(interactionId, readVisitor(this.#issuer, request), keep);
    sendTo(response, this.#pathOf(interactionId));
  }

  async #start(name: string, device: Device, request: Request, response: Response): Promise<void> {
    checkSameOrigin(this.#issuer, request.headers);
    const interactionId = parseInteractionId(name);
    const visitor = readVisitor(this.#issuer, request);
    const cookie = visitor.cookie ?? newBrowserCookie();
    const deviceIdentifier = visitor.deviceIdentifier ?? newDeviceIdentifier();
    const start = await this.pages.press({ interactionId, cookie, deviceIdentifier }, device, visitor);
    keepBinding(this.#issuer, response, cookie);
    keepDeviceIdentifier(this.#issuer, response, deviceIdentifier);
    await start();
    sendTo(response, this.#pathOf(interactionId));
  }

  #pathOf(interactionId: InteractionId): string {
    return `/${this.root}/${interactionId}`;
  }
}
