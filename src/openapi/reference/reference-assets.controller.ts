import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { ChangesNothing, OpenToAll, UnderLoad } from '../../http/route-declaration.ts';
import { sendAsset } from '../../http/security-headers.ts';
import { LibraryFiles } from './library-files.ts';
import { referenceAssets } from './reference-page.ts';

/** What the API reference loads: the library, and our own style and script beside it. */
@ApiExcludeController()
@UnderLoad('first')
@OpenToAll()
@Controller('docs')
export class ReferenceAssetsController {
  constructor(private readonly library: LibraryFiles) {}

  @Get('swagger-ui/:version/:file')
  @ChangesNothing()
  ofLibrary(@Param('version') version: string, @Param('file') file: string, @Res() response: Response): Promise<void> {
    return this.library.send({ version, file }, response);
  }

  @Get('assets/:file')
  @ChangesNothing()
  own(@Param('file') file: string, @Res() response: Response): void {
    sendAsset(response, referenceAssets.get(file));
  }
}
