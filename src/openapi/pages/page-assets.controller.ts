import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import { commonAssets } from '../../design/common-files.ts';
import { ChangesNothing, OpenToAll, UnderLoad } from '../../http/route-declaration.ts';
import { sendAsset } from '../../http/security-headers.ts';

/** Style and seal of the pages that have no files of their own, and the banks' logos and colours. */
@ApiExcludeController()
@UnderLoad('never')
@OpenToAll()
@Controller('assets')
export class PageAssetsController {
  constructor(@Inject(CONFIG) private readonly config: AppConfig) {}

  /** @throws DomainError `request.not-found` */
  @Get(':file')
  @ChangesNothing()
  get(@Param('file') file: string, @Res() response: Response): void {
    sendAsset(response, this.config.branding.findAsset(file) ?? commonAssets.get(file));
  }
}
