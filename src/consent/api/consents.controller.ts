import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { parseConsentId } from '../../kernel/ids.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { Answers, AnswersJson, Refuses } from '../../openapi/answers.ts';
import { example } from '../../openapi/api-examples.ts';
import { bodyCodes, JsonBody } from '../../openapi/json-body.ts';
import { UuidParameter } from '../../openapi/parameters.ts';
import { UnderLoad } from '../../http/route-declaration.ts';
import { Access, accessCodes, CurrentCaller, type Caller } from '../../client-auth/access.ts';
import { ConsentDto, exampleConsent } from '../consent.dto.ts';
import { Consents } from '../consents.ts';
import { Consumption } from '../consumption/consumption.ts';
import { Revocation } from '../revocation/revocation.ts';
import {
  ConsumedDto,
  ConsumeRequestDto,
  exampleConsumed,
  exampleConsumption,
  ExecutionDto,
  ExecutionReportDto,
} from './consents.dto.ts';
import { parseConsumeRequest, parseExecutionReport } from './parse-body.ts';

const Consent = (): MethodDecorator => UuidParameter('id', 'The consent', example.consentId);

@ApiTags('consents')
@Controller('consents')
export class ConsentsController {
  constructor(
    private readonly consents: Consents,
    private readonly revocation: Revocation,
    private readonly consumption: Consumption,
  ) {}

  @Get(':id')
  @Access({ roles: ['tpp', 'bank'], scope: 'consents', consentToken: true })
  @ApiOperation({
    operationId: 'getConsent',
    summary: 'The consent and its state, also in the terms of Berlin Group and OBIE',
    description:
      'A TPP may also use the access token of the consent. Only the bank sees its own reference and the debited account.',
  })
  @Consent()
  @AnswersJson(200, 'The consent', ConsentDto, { signed: exampleConsent })
  @Refuses(...accessCodes, 'consent.not-found', 'consent.altered', 'service.key-missing')
  get(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<JsonObject> {
    return this.consents.getRepresentation(parseConsentId(id), caller);
  }

  @Delete(':id')
  @HttpCode(204)
  @Access({ roles: ['tpp', 'bank'], scope: 'consents' })
  @ApiOperation({
    operationId: 'revokeConsent',
    summary: 'Revokes a consent that has not been consumed',
    description: 'For its TPP and its bank. Its access token is revoked at once.',
  })
  @Consent()
  @Answers(204, { description: 'The consent and its token are revoked' })
  @Refuses(...accessCodes, 'consent.not-found', 'consent.not-authorised')
  async revoke(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<void> {
    await this.revocation.revokeConsent(parseConsentId(id), caller);
  }

  @Post(':id/consume')
  @HttpCode(200)
  @UnderLoad('never')
  @Access({ roles: ['bank'], scope: 'consume' })
  @ApiOperation({
    operationId: 'consumeConsent',
    summary: 'Consumes the consent, once, for exactly the payment that was signed',
    description: 'A repeated call always gets the first answer.',
  })
  @Consent()
  @JsonBody(ConsumeRequestDto, { 'The payment that was signed': exampleConsumption })
  @AnswersJson(200, 'It is consumed', ConsumedDto, { consumed: exampleConsumed })
  @Refuses(
    ...accessCodes,
    ...bodyCodes,
    'initiation.invalid',
    'consent.not-found',
    'consent.not-authorised',
    'consent.altered',
    'consent.payment-differs',
    'consent.payer-differs',
    'consent.token-differs',
    'consent.reference-used',
    'consent.reference-body-differs',
    'service.key-missing',
  )
  consume(
    @Param('id') id: string,
    @CurrentCaller() bank: Caller,
    @Body() body: ConsumeRequestDto,
  ): Promise<JsonObject> {
    return this.consumption.consume(parseConsentId(id), bank, parseConsumeRequest(body));
  }

  @Post(':id/execution')
  @HttpCode(200)
  @Access({ roles: ['bank'], scope: 'consume' })
  @ApiOperation({
    operationId: 'reportExecution',
    summary: "The bank's report on the outcome of the payment",
    description: 'Once for each consumed consent. A failure has a reason, a success does not.',
  })
  @Consent()
  @JsonBody(ExecutionReportDto, {
    'The payment was executed': { execution: 'executed' },
    'The payment failed': { execution: 'failed', reason: 'The account is closed.' },
  })
  @AnswersJson(200, 'It is recorded', ExecutionDto, {
    executed: { consentId: example.consentId, execution: 'executed' },
  })
  @Refuses(
    ...accessCodes,
    ...bodyCodes,
    'consent.not-found',
    'consent.not-consumed',
    'consent.execution-reported',
    'consent.altered',
  )
  report(
    @Param('id') id: string,
    @CurrentCaller() bank: Caller,
    @Body() body: ExecutionReportDto,
  ): Promise<JsonObject> {
    return this.consumption.reportExecution(parseConsentId(id), bank, parseExecutionReport(body));
  }
}
