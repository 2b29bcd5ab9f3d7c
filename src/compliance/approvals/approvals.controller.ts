import { Body, Controller, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, accessCodes, CurrentCaller, type Caller } from '../../client-auth/access.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { AnswersJson, Refuses } from '../../openapi/answers.ts';
import { example } from '../../openapi/api-examples.ts';
import { bodyCodes, JsonBody } from '../../openapi/json-body.ts';
import { UuidParameter } from '../../openapi/parameters.ts';
import {
  ApprovalProofDto,
  ApprovalRequestDto,
  ExportApprovalDto,
  exampleApprovalRequest,
  exampleApproved,
  exampleExportApproval,
  exampleProof,
} from './approvals.dto.ts';
import { ExportApprovals } from './export-approvals.ts';

const ofAuditor = { roles: ['auditor'], scope: 'exports' } as const;
const Export = (): MethodDecorator => UuidParameter('id', 'The export', example.exportId);

/** Approvals, which any auditor of the bank brings; the result is for the client alone that ordered it. */
@ApiTags('exports')
@Controller('exports/:id/approval')
export class ApprovalsController {
  constructor(private readonly approvals: ExportApprovals) {}

  @Get()
  @Access(ofAuditor)
  @ApiOperation({
    operationId: 'readExportApproval',
    summary: 'What is to be approved, and by which login',
    description:
      'The approver logs in at `issuer` for `clientId`, with `nonce` and `prompt=login`. `sigill approve` does it. ' +
      'Any auditor of the bank may ask.',
  })
  @Export()
  @AnswersJson(200, 'The order and its approval', ExportApprovalDto, { awaiting: exampleExportApproval })
  @Refuses(...accessCodes, 'export.not-found', 'export.no-approver', 'service.key-missing')
  @Header('Cache-Control', 'no-store')
  read(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<JsonObject> {
    return this.approvals.read(id, caller);
  }

  @Post()
  @HttpCode(200)
  @Access(ofAuditor)
  @ApiOperation({
    operationId: 'approveExport',
    summary: 'Approves an export by the login of a second person',
    description: 'The token is kept, sealed, as the proof. Any auditor of the bank may send it.',
  })
  @Export()
  @JsonBody(ApprovalRequestDto, { 'The login of an approver': exampleApprovalRequest })
  @AnswersJson(200, 'It is approved, and waits for its turn', ExportApprovalDto, { approved: exampleApproved })
  @Refuses(
    ...accessCodes,
    ...bodyCodes,
    'export.not-found',
    'export.no-approver',
    'export.not-awaiting-approval',
    'export.requester-needed',
    'approval.token-invalid',
    'approval.other-order',
    'approval.login-too-old',
    'approval.not-approver',
    'approval.own-order',
    'approval.replayed',
    'approval.provider-unavailable',
    'service.key-missing',
  )
  @Header('Cache-Control', 'no-store')
  approve(
    @Param('id') id: string,
    @Body() { idToken }: ApprovalRequestDto,
    @CurrentCaller() caller: Caller,
  ): Promise<JsonObject> {
    return this.approvals.approve(id, idToken, caller);
  }

  @Get('proof')
  @Access(ofAuditor)
  @ApiOperation({
    operationId: 'readApprovalProof',
    summary: 'What proves who ordered and who approved an export',
    description: 'For a court: the id_tokens, which name the persons. Each reading is recorded before it is answered.',
  })
  @Export()
  @AnswersJson(200, 'The tokens, and the keys under which they verify', ApprovalProofDto, { approved: exampleProof })
  @Refuses(...accessCodes, 'export.not-found', 'service.key-missing')
  @Header('Cache-Control', 'no-store')
  readProof(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<JsonObject> {
    return this.approvals.readProof(id, caller);
  }
}
