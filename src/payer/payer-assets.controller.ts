import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { DomainError } from '../kernel/errors.ts';
import { Public } from '../tpp/access.ts';
import { findAsset } from './assets/assets.ts';
import { sendAsset } from './http/headers.ts';

/** Style, script and seal of the payer's pages. */
@ApiExcludeController()
@Controller('pay/assets')
export class PayerAssetsController {
  /** @throws DomainError `request.not-found` */
  @Get(':file')
  @Public()
  get(@Param('file') file: string, @Res() response: Response): void {
    const asset = findAsset(file);
    if (!asset) throw new DomainError('request.not-found');
    sendAsset(response, asset);
  }
}
