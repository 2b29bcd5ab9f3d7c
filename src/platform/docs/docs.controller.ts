import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiTags, type OpenAPIObject } from '@nestjs/swagger';
import type { Response } from 'express';
import { Describe } from '../api-description.ts';
import { ApiDocument } from '../api-document.ts';
import { sendPage, stylesheet } from '../pages/page.ts';
import { ChangesNothing, OpenToAll } from '../route-declaration.ts';
import { describeJson, describePage } from './describe-docs.ts';
import { renderDocument } from './render-document.ts';

@ApiTags('documentation')
@Controller('docs')
@OpenToAll()
export class DocsController {
  constructor(private readonly document: ApiDocument) {}

  @Get()
  @ChangesNothing()
  @Describe(describePage)
  page(@Res() response: Response): void {
    const document = this.document.get();
    sendPage(response, `${document.info.title} ${document.info.version}`, renderDocument(document));
  }

  @Get('openapi.json')
  @ChangesNothing()
  @Describe(describeJson)
  json(): OpenAPIObject {
    return this.document.get();
  }

  @Get('sigill.css')
  @ChangesNothing()
  @Header('Content-Type', 'text/css; charset=utf-8')
  @Header('Cache-Control', 'public, max-age=3600')
  @ApiExcludeEndpoint()
  css(): string {
    return stylesheet;
  }
}
