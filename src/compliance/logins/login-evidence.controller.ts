import { Controller, Get, Header, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, accessCodes, CurrentCaller, type Caller } from '../../client-auth/access.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { AnswersJson, Refuses } from '../../openapi/answers.ts';
import { UuidParameter } from '../../openapi/parameters.ts';
import { LoginEvidenceReads } from './login-evidence-reads.ts';
import { EXAMPLE_LOGIN, exampleLoginEvidence, LoginEvidenceDto } from './login-evidence.dto.ts';

/** The evidence of a client's own logins. What was signed stays with the operator, who exports it with a purpose. */
@ApiTags('logins')
@Controller()
export class LoginEvidenceController {
  constructor(private readonly reads: LoginEvidenceReads) {}

  @Get('logins/:id/evidence')
  @ApiOperation({
    operationId: 'listLoginEvidence',
    summary: 'The evidence of a login of your own',
    description: 'Metadata and verdict of each identification, without personal data. The reading is recorded.',
  })
  @UuidParameter('id', 'The login', EXAMPLE_LOGIN)
  @AnswersJson(200, 'The accepted one first', LoginEvidenceDto, { evidence: exampleLoginEvidence })
  @Refuses(...accessCodes, 'evidence.not-found')
  @Access({ roles: ['tpp', 'rp'], scope: 'consents' })
  @Header('Cache-Control', 'no-store')
  async list(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<JsonObject> {
    return this.reads.list(id, caller);
  }
}
