import {
  applyDecorators,
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Param,
  Post,
  Req,
  Res,
  StreamableFile,
} from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Access, accessCodes, CurrentCaller, type Caller } from '../../client-auth/access.ts';
import { UnderLoad } from '../../http/route-declaration.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { Answers, AnswersJson, header, Refuses } from '../../openapi/answers.ts';
import { example } from '../../openapi/api-examples.ts';
import { bodyCodes, JsonBody } from '../../openapi/json-body.ts';
import { UuidParameter } from '../../openapi/parameters.ts';
import { ExportDownloads } from './export-downloads.ts';
import { ExportOrders } from './export-orders.ts';
import { exampleExport, exampleOrder, ExportDto, ExportOrderRequestDto } from './exports.dto.ts';
import { readPatience } from './waiting-client.ts';

const ofAuditor = { roles: ['auditor'], scope: 'exports' } as const;

const Export = (): MethodDecorator => UuidParameter('id', 'The export', example.exportId);
const file = { type: 'string', contentMediaType: 'application/octet-stream' };

/** The result, or a part of it. */
const AnswersContent = (): MethodDecorator =>
  applyDecorators(
    Answers(200, {
      description: 'All of it: a ZIP with a sealed manifest',
      content: {
        'application/zip': { schema: file, examples: { folders: 'UEsDBBQ…' } },
      },
      headers: {
        ETag: header('Its SHA-256', `"${exampleExport.result.sha256}"`),
        'Accept-Ranges': header('Ranges are served', 'bytes'),
      },
    }),
    Answers(206, {
      description: 'The part of it that was asked for',
      content: {
        'application/zip': { schema: file, examples: { rest: '…' } },
      },
      headers: { 'Content-Range': header('Which part', 'bytes 65536-1843199/1843200') },
    }),
  );

/** Exports that an auditor orders, waits for and fetches. */
@ApiTags('exports')
@Controller('exports')
export class ExportsController {
  constructor(
    private readonly orders: ExportOrders,
    private readonly downloads: ExportDownloads,
  ) {}

  @Post()
  @HttpCode(202)
  @UnderLoad('first')
  @Access(ofAuditor)
  @ApiOperation({
    operationId: 'orderExport',
    summary: 'Orders the consents of a period, or one consent, as a sealed ZIP',
    description: 'It is made beside the requests, by any instance, and goes on where it was if that one ends.',
  })
  @JsonBody(ExportOrderRequestDto, {
    'A list of all consents of March': exampleOrder,
    'The evidence of one consent': { format: 'folders', consentId: example.consentId, purpose: 'complaint' },
  })
  @AnswersJson(202, 'It is ordered', ExportDto, {
    ordered: { ...exampleExport, state: 'waiting', progress: { ...exampleExport.progress, consents: 0 }, result: null },
  })
  @Refuses(
    ...accessCodes,
    ...bodyCodes,
    'evidence.not-found',
    'export.not-found',
    'export.no-approver',
    'export.requester-needed',
    'approval.token-invalid',
    'approval.other-order',
    'approval.login-too-old',
    'approval.replayed',
    'approval.provider-unavailable',
    'export.unavailable',
    'service.key-missing',
  )
  place(@CurrentCaller() caller: Caller, @Body() body: ExportOrderRequestDto): Promise<JsonObject> {
    return this.orders.place(body, caller);
  }

  @Get(':id')
  @Access(ofAuditor)
  @ApiOperation({
    operationId: 'readExport',
    summary: 'How far an export has come',
    description: 'With `Prefer: wait=20` (RFC 7240 §4.3) the answer waits until it has ended, 20 seconds at most.',
  })
  @Export()
  @ApiHeader({
    name: 'Prefer',
    description: 'How many seconds the client is ready to wait',
    required: false,
    schema: { type: 'string', pattern: '^wait=[0-9]{1,3}$' },
    examples: { wait: { value: 'wait=20' } },
  })
  @AnswersJson(200, 'The export', ExportDto, { ready: exampleExport })
  @Refuses(...accessCodes, 'export.not-found')
  @Header('Cache-Control', 'no-store')
  read(
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<JsonObject> {
    return this.orders.read(id, caller, readPatience(request, response));
  }

  @Get(':id/content')
  @UnderLoad('first')
  @Access(ofAuditor)
  @ApiOperation({
    operationId: 'fetchExport',
    summary: 'The result of an export',
    description: 'For the client who ordered it, for 72 hours. Each download is recorded before it is sent.',
  })
  @Export()
  @ApiHeader({
    name: 'Range',
    description: 'A part of it (RFC 9110 §14.2), to go on with a download',
    required: false,
    schema: { type: 'string' },
    examples: { rest: { value: 'bytes=65536-' } },
  })
  @AnswersContent()
  @Refuses(
    ...accessCodes,
    'export.not-found',
    'export.not-ready',
    'export.gone',
    'export.unavailable',
    'request.range-not-satisfiable',
    'service.key-missing',
  )
  @Header('Cache-Control', 'no-store')
  async fetch(
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile> {
    const wanted = { range: request.get('range'), ifRange: request.get('if-range') };
    const content = await this.downloads.open(id, caller, wanted, (name, value) => response.setHeader(name, value));
    response.status(content.status).set(content.headers);
    return new StreamableFile(content.stream);
  }

  @Delete(':id')
  @HttpCode(204)
  @Access(ofAuditor)
  @ApiOperation({
    operationId: 'deleteExport',
    summary: 'Ends an export, and destroys its result',
    description: 'The evidence is not touched; what was recorded stays.',
  })
  @Export()
  @Answers(204, { description: 'Its key is destroyed' })
  @Refuses(...accessCodes, 'export.not-found', 'export.gone')
  async delete(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<void> {
    await this.orders.delete(id, caller);
  }
}
