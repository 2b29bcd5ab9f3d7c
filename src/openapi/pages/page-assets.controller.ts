import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { commonAssets } from '../../design/common-files.ts';
import { ChangesNothing, OpenToAll, UnderLoad } from '../../http/route-declaration.ts';
import { sendAsset } from '../../http/security-headers.ts';

/** Style and seal of the pages that have no files of their own. */
@ApiExcludeController()
@UnderLoad('page')
@OpenToAll()
@Controller('assets')
export class PageAssetsController {
  /** @throws DomainError `request.not-found` */
  @Get(':file')
  @ChangesNothing()
  get(@Param('file') file: string, @Res() response: Response): void {
    sendAsset(response, commonAssets.get(file));
  }
}
