import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Consents } from '../../consent/consents.ts';
import { ConsentDto, exampleConsent } from '../../consent/consent.dto.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { ConsentId } from '../../kernel/ids.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { AnswersJson, Refuses } from '../../openapi/answers.ts';
import { Access, accessCodes, CurrentCaller, type Caller } from '../../client-auth/access.ts';

/** A resource with a fixed URL: the consent of the access token. */
@ApiTags('consents')
@Controller('consent')
export class OwnConsentController {
  constructor(private readonly consents: Consents) {}

  /** Like GET /consents/{id} with the id from the token; a machine token has no consent. */
  @Get()
  @Access({ roles: ['tpp'], scope: 'consents', consentToken: true })
  @ApiOperation({
    operationId: 'getOwnConsent',
    summary: 'The consent of the access token',
    description: 'A resource with a fixed URL: like GET /consents/{id} for the consent of the token.',
  })
  @AnswersJson(200, 'The consent', ConsentDto, { signed: exampleConsent })
  @Refuses(...accessCodes, 'consent.not-found', 'consent.altered', 'service.key-missing')
  read(@CurrentCaller() caller: Caller): Promise<JsonObject> {
    return this.consents.getRepresentation(ownConsent(caller), caller);
  }
}

/** @throws DomainError `consent.not-found` */
function ownConsent({ consentId }: Caller): ConsentId {
  if (consentId === undefined) throw new DomainError('consent.not-found');
  return consentId;
}
