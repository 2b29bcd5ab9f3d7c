import { hash } from 'node:crypto';
import { Controller, Get, HttpCode, Inject, Param, Post, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { languageOf } from '../../design/language.ts';
import { ChangesNothing, OpenToAll } from '../../http/route-declaration.ts';
import { sendAsset } from '../../http/security-headers.ts';
import { maskReport } from '../../verification/report.ts';
import { answerVerdict } from '../incoming-upload.ts';
import type { ReadingPurpose } from '../purpose.ts';
import { StatedPurpose } from '../stated-purpose.ts';
import { Verdicts, VERDICT_POLICY } from '../verdicts.ts';
import { receiveForm } from './form.ts';
import { VERIFY_PAGE, type VerifyPageOptions } from './options.ts';
import { SameSiteGuard } from './same-site.guard.ts';
import { sendPage } from './page-answers.ts';
import { PageErrorFilter } from './page-error.filter.ts';
import { assets, reportPage, verifyPage } from './verify-page.ts';

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
  page(@Req() request: Request, @Res() response: Response): void {
    sendPage(request, response, verifyPage({ ...this.options, language: languageOf(request) }));
  }

  /** The form of the page. */
  @Post('report')
  @HttpCode(200)
  @UseGuards(SameSiteGuard)
  @UseFilters(PageErrorFilter)
  async report(@Req() request: Request, @Res() response: Response): Promise<void> {
    const caller = this.options.callerOf(request);
    const { report, bytes, at } = await this.verdicts.verify({ caller, read: () => receiveForm(request) });
    const shown = {
      report: maskReport(report),
      file: { size: bytes.length, sha256: hash('sha256', bytes, 'hex') },
      at,
      policy: VERDICT_POLICY,
    };
    sendPage(request, response, reportPage({ ...this.options, language: languageOf(request) }, shown));
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
