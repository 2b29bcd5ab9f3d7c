import { Controller, Get } from '@nestjs/common';
import { ApiSecurity, ApiTags } from '@nestjs/swagger';
import { Consents } from '../../consent/consents.ts';
import { describeOwn } from '../../consent/describe-own-consent.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { ConsentId } from '../../kernel/ids.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { Describe } from '../../platform/api-description.ts';
import { Access, CurrentCaller, type Caller } from '../../tpp/access.ts';

/** A resource whose address is known beforehand: the consent that the token itself is for. */
@ApiTags('OAuth')
@ApiSecurity('certificate')
@ApiSecurity('dpop')
@Controller('consent')
export class OwnConsentController {
  readonly #consents: Consents;

  constructor(consents: Consents) {
    this.#consents = consents;
  }

  /** The same as GET /consents/{id}, with the id in the token; a machine token is for no consent and finds none. */
  @Get()
  @Describe(describeOwn)
  @Access({ roles: ['tpp'], scope: 'consents', consentToken: true })
  read(@CurrentCaller() caller: Caller): Promise<JsonObject> {
    return this.#consents.getRepresentation(ownConsent(caller), caller);
  }
}

/** @throws DomainError `consent.not-found` */
function ownConsent({ consentId }: Caller): ConsentId {
  if (consentId === undefined) throw new DomainError('consent.not-found');
  return consentId;
}
