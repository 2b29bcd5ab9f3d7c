import { ApiHeader } from '@nestjs/swagger';
import { example } from '../../openapi/api-examples.ts';
import { IntegerMember, Message, TextMember, UuidMember } from '../../openapi/members.ts';
import { ClientFormDto, exampleClient, FormMessage } from '../form/client-form.dto.ts';
import { IDEMPOTENCY_KEY, SHA256 } from '../oauth/patterns.ts';
import { BACKCHANNEL_ID } from './store/backchannel-id.ts';

@FormMessage()
export class BackchannelFormDto extends ClientFormDto {
  @TextMember({
    description: 'The signed request with all parameters (OpenID CIBA Core §7.1.1); docs/spec/ciba.md lists them',
  })
  request!: string;
}

export const exampleBackchannelRequests = {
  'A signed request': { ...exampleClient(example.tpp), request: example.jwt },
} as const;

@Message({ description: 'OpenID CIBA Core §7.3' })
export class AcknowledgementDto {
  @TextMember({ pattern: SHA256, description: 'For /token: a secret' })
  auth_req_id!: string;

  @TextMember({ pattern: BACKCHANNEL_ID, description: 'The request in URLs: no secret' })
  id!: string;

  @IntegerMember({ description: 'Seconds, at most 600' })
  expires_in!: number;

  @IntegerMember({ description: 'Seconds between two calls of /token' })
  interval!: number;

  @UuidMember({ optional: true, description: 'Of a payment' })
  consent_id?: string;
}

export const exampleAcknowledgement = {
  auth_req_id: example.authReqId,
  id: example.backchannelId,
  expires_in: 180,
  interval: 2,
  consent_id: example.consentId,
} as const;

/** A login has no consent. */
export const exampleLoginAcknowledgement = {
  auth_req_id: example.authReqId,
  id: example.backchannelId,
  expires_in: 180,
  interval: 5,
} as const;

/** The header with which a request may be repeated. */
export const TakesRequestKey = (): MethodDecorator =>
  ApiHeader({
    name: 'Idempotency-Key',
    description: 'The same key and parameters within 60 s: the same request. Other parameters: 422',
    schema: { type: 'string', pattern: IDEMPOTENCY_KEY.source },
    examples: { order: { value: 'order-4711' } },
  });
