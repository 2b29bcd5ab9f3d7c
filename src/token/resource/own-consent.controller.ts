import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Consents } from '../../consent/consents.ts';
import { ConsentDto, exampleConsent } from '../../consent/consent.dto.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { ConsentId } from '../../kernel/ids.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { AnswersJson, Refuses } from '../../openapi/answers.ts';
import { Access, accessCodes, CurrentCaller, type Caller } from '../../client-auth/access.ts';

/** A resource whose address is known beforehand: the consent that the token itself is for. */
@ApiTags('OAuth')
@Controller('consent')
export class OwnConsentController {
  constructor(private readonly consents: Consents) {}

  /** The same as GET /consents/{id}, with the id in the token; a machine token is for no consent and finds none. */
  @Get()
  @Access({ roles: ['tpp'], scope: 'consents', consentToken: true })
  @ApiOperation({
    operationId: 'getOwnConsent',
    summary: 'The consent that the access token is for',
    description:
      'A resource whose address is known beforehand: the same as GET /consents/{id} with the consent of the token.',
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
