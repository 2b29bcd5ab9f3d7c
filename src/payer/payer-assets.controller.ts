import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { ChangesNothing, UnderLoad } from '../http/route-declaration.ts';
import { Public } from '../client-auth/access.ts';
import { assets } from './assets/assets.ts';
import { sendAsset } from '../http/security-headers.ts';

/** Style, script and seal of the payer's pages. */
@ApiExcludeController()
@UnderLoad('never')
@Controller('pay/assets')
export class PayerAssetsController {
  /** @throws DomainError `request.not-found` */
  @Get(':file')
  @ChangesNothing()
  @Public()
  get(@Param('file') file: string, @Res() response: Response): void {
    sendAsset(response, assets.get(file));
  }
}
