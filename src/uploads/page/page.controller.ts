import { Controller, Get, HttpCode, Inject, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ChangesNothing, OpenToAll } from '../../http/route-declaration.ts';
import { openPage, sendAsset } from '../../http/security-headers.ts';
import { answerVerdict } from '../incoming-upload.ts';
import type { ReadingPurpose } from '../purpose.ts';
import { StatedPurpose } from '../stated-purpose.ts';
import { Verdicts } from '../verdicts.ts';
import { VERIFY_PAGE, type VerifyPageOptions } from './options.ts';
import { SameSiteGuard } from './same-site.guard.ts';
import { assets, verifyPage } from './verify-page.ts';

/** Allows our own script and style, and requests to our own verifier; nothing inline, nothing from another origin. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** `/verify`: a person drops a file and reads the report. */
@ApiExcludeController()
@OpenToAll()
@Controller('verify')
export class VerifyPageController {
  constructor(
    private readonly verdicts: Verdicts,
    @Inject(VERIFY_PAGE) private readonly options: VerifyPageOptions,
  ) {}

  @Get()
  @ChangesNothing()
  page(@Res() response: Response): void {
    openPage(response, PAGE_POLICY).type('html').send(verifyPage(this.options.environment).toString());
  }

  /** @throws DomainError `request.not-found` */
  @Get('assets/:file')
  @ChangesNothing()
  asset(@Param('file') file: string, @Res() response: Response): void {
    sendAsset(response, assets.get(file));
  }

  @Post()
  @HttpCode(200)
  @UseGuards(SameSiteGuard)
  verify(@Req() request: Request, @Res() response: Response, @StatedPurpose() purpose: ReadingPurpose): Promise<void> {
    return answerVerdict(this.verdicts, request, response, { caller: this.options.callerOf(request), purpose });
  }
}
