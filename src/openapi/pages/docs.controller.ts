import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { Html } from '../../kernel/web/html.ts';
import { Describe } from '../api-description.ts';
import { ApiDocument } from '../api-document.ts';
import { makePage, sendPage, stylesheet } from './page.ts';
import { ChangesNothing, OpenToAll, UnderLoad } from '../../http/route-declaration.ts';
import { describeJson, describePage } from './describe-docs.ts';
import { renderDocument } from './render-document.ts';

@ApiTags('documentation')
@UnderLoad('first')
@Controller('docs')
@OpenToAll()
export class DocsController {
  #page: Html | undefined;

  constructor(private readonly document: ApiDocument) {}

  @Get()
  @ChangesNothing()
  @Describe(describePage)
  page(@Res() response: Response): void {
    sendPage(response, (this.#page ??= this.#render()));
  }

  @Get('openapi.json')
  @ChangesNothing()
  @Describe(describeJson)
  json(@Res() response: Response): void {
    response.type('application/json').send(this.document.json());
  }

  @Get('sigill.css')
  @ChangesNothing()
  @Header('Content-Type', 'text/css; charset=utf-8')
  @Header('Cache-Control', 'public, max-age=3600')
  @ApiExcludeEndpoint()
  css(): string {
    return stylesheet;
  }

  #render(): Html {
    const document = this.document.get();
    return makePage(`${document.info.title} ${document.info.version}`, renderDocument(document));
  }
}
