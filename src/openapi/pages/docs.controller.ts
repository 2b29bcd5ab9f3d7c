import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { Html } from '../../kernel/web/html.ts';
import { AnswersJson, AnswersPage, Refuses } from '../answers.ts';
import { ApiDocument } from '../api-document.ts';
import { referencePage, sendReference } from '../reference/reference-page.ts';
import { stylesheet } from './page.ts';
import { ChangesNothing, OpenToAll, UnderLoad } from '../../http/route-declaration.ts';
import { exampleDocument, OpenApiDocumentDto } from './docs.dto.ts';

@ApiTags('documentation')
@UnderLoad('first')
@Controller('docs')
@OpenToAll()
export class DocsController {
  #page: Html | undefined;

  constructor(private readonly document: ApiDocument) {}

  @Get()
  @ChangesNothing()
  @ApiOperation({
    operationId: 'readDocumentation',
    summary: 'This API for people',
    description:
      'A page: each operation with its parameters, bodies, answers and a sample; without scripts, one line each.',
  })
  @AnswersPage(200, 'All routes')
  @Refuses()
  page(@Res() response: Response): void {
    sendReference(response, (this.#page ??= referencePage(this.document.get())));
  }

  @Get('openapi.json')
  @ChangesNothing()
  @ApiOperation({
    operationId: 'readOpenApi',
    summary: 'This API as OpenAPI 3.1',
    description: 'Each instance generates the document once.',
  })
  @AnswersJson(200, 'This document', OpenApiDocumentDto, { document: exampleDocument })
  @Refuses()
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
}
