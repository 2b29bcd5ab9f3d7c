import { Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiSecurity, ApiTags } from '@nestjs/swagger';
import { parseConsentId } from '../../kernel/ids.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { JsonBody } from '../../platform/read-body.ts';
import { Access, CurrentCaller, type Caller } from '../../tpp/access.ts';
import { Consents } from '../consents.ts';
import { Consumption } from '../consumption.ts';
import { Revocation } from '../revocation.ts';
import { parseConsumeRequest, parseExecutionReport } from './parse-body.ts';
import { UnderLoad } from '../../platform/route-declaration.ts';
import { Describe } from '../../platform/api-description.ts';
import { describeConsume, describeGet, describeReport, describeRevoke } from './describe-consents.ts';

@ApiTags('consents')
@ApiSecurity('certificate')
@ApiSecurity('dpop')
@Controller('consents')
export class ConsentsController {
  constructor(
    private readonly consents: Consents,
    private readonly revocation: Revocation,
    private readonly consumption: Consumption,
  ) {}

  /** The consent and its state, also in the words of Berlin Group and OBIE. */
  @Get(':id')
  @Describe(describeGet)
  @Access({ roles: ['tpp', 'bank'], scope: 'consents', consentToken: true })
  get(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<JsonObject> {
    return this.consents.getRepresentation(parseConsentId(id), caller);
  }

  /** Revokes a consent that is not consumed yet. */
  @Delete(':id')
  @Describe(describeRevoke)
  @HttpCode(204)
  @Access({ roles: ['tpp', 'bank'], scope: 'consents' })
  async revoke(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<void> {
    await this.revocation.revokeConsent(parseConsentId(id), caller);
  }

  /** Consumes the consent, once, for exactly the payment that was signed. */
  @Post(':id/consume')
  @UnderLoad('never')
  @Describe(describeConsume)
  @HttpCode(200)
  @Access({ roles: ['bank'], scope: 'consume' })
  consume(@Param('id') id: string, @CurrentCaller() bank: Caller, @JsonBody() body: unknown): Promise<JsonObject> {
    return this.consumption.consume(parseConsentId(id), bank, parseConsumeRequest(body));
  }

  /** The bank's report of what became of the payment. */
  @Post(':id/execution')
  @Describe(describeReport)
  @HttpCode(200)
  @Access({ roles: ['bank'], scope: 'consume' })
  report(@Param('id') id: string, @CurrentCaller() bank: Caller, @JsonBody() body: unknown): Promise<JsonObject> {
    return this.consumption.reportExecution(parseConsentId(id), bank, parseExecutionReport(body));
  }
}
