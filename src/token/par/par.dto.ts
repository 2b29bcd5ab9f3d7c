import { ApiHeader, getSchemaPath } from '@nestjs/swagger';
import { example } from '../../openapi/api-examples.ts';
import { IntegerMember, Message, TextMember, UuidMember, WordMember, partly } from '../../openapi/members.ts';
import { exampleEuroPayment, examplePayment, PaymentInitiationDto } from '../../consent/payment.dto.ts';
import { ClientFormDto, exampleClient, FormMessage } from '../form/client-form.dto.ts';
import {
  IDEMPOTENCY_KEY,
  LOGIN_HINT,
  MAX_AGE,
  MAX_REDIRECT_URI,
  NONCE,
  PROMPT,
  PUSHED_SCOPE,
  SHA256,
  STATE,
} from '../oauth/patterns.ts';

/** Required parameters, and those that depend on others. */
const CONDITIONS = {
  if: partly({ request: {} }),
  else: {
    ...partly({ response_type: {}, redirect_uri: {}, code_challenge: {}, code_challenge_method: {} }),
    allOf: [
      {
        if: partly({ scope: { pattern: '\\bopenid\\b' } }),
        then: partly(
          {
            nonce: { pattern: NONCE.source },
            prompt: { pattern: PROMPT.source },
            max_age: { pattern: MAX_AGE.source },
          },
          [],
        ),
      },
      // A login has no details. Of a client that is registered for logins alone, openid by itself asks for one.
      {
        if: partly({ scope: { pattern: 'id\\.oidc\\.se/scope/' } }),
        else: partly({ authorization_details: {} }),
      },
    ],
  },
};

@FormMessage(CONDITIONS)
export class PushFormDto extends ClientFormDto {
  @WordMember(['code'], { optional: true })
  response_type?: 'code';

  @TextMember({
    optional: true,
    format: 'uri',
    length: { min: 1, max: MAX_REDIRECT_URI },
    description: 'https, or a registered http URI on loopback',
  })
  redirect_uri?: string;

  @TextMember({ optional: true, pattern: STATE })
  state?: string;

  @TextMember({ optional: true, pattern: SHA256 })
  code_challenge?: string;

  @WordMember(['S256'], { optional: true })
  code_challenge_method?: 'S256';

  @TextMember({
    optional: true,
    description: 'JSON: an array of one PaymentInitiation (RFC 9396); absent for a login',
    contentMediaType: 'application/json',
    contentSchema: { type: 'array', minItems: 1, maxItems: 1, items: { $ref: getSchemaPath(PaymentInitiationDto) } },
  })
  authorization_details?: string;

  @TextMember({ optional: true, description: 'The bank (RFC 8707); absent for a login' })
  resource?: string;

  @TextMember({
    optional: true,
    pattern: LOGIN_HINT,
    description: 'personnummer:YYYYMMDDNNNN of the only person who may sign, with a valid check digit',
  })
  login_hint?: string;

  @TextMember({
    optional: true,
    description:
      'JSON (OpenID Connect Core §5.5): a value of https://id.oidc.se/claim/personalIdentityNumber or coordinationNumber names the person as login_hint does; an essential acr must be ours',
    contentMediaType: 'application/json',
  })
  claims?: string;

  @TextMember({
    optional: true,
    pattern: PUSHED_SCOPE,
    description: 'openid for an id_token; with a scope of id.oidc.se, it asks for a login',
  })
  scope?: string;

  @TextMember({ optional: true, description: 'With openid: for the id_token' })
  nonce?: string;

  @TextMember({ optional: true, description: 'With openid: what the payer does in any case' })
  prompt?: string;

  @TextMember({ optional: true, description: 'With openid: seconds; the payer always signs anew' })
  max_age?: string;

  @TextMember({
    optional: true,
    pattern: SHA256,
    description: 'Thumbprint of the key that the code is bound to (RFC 9449 §10)',
  })
  dpop_jkt?: string;

  @TextMember({
    optional: true,
    description:
      'Signed request object (RFC 9101); of the other parameters, only client_id and credentials are then used',
  })
  request?: string;
}

/** The challenge of RFC 7636, appendix B. */
const code = {
  response_type: 'code',
  redirect_uri: 'http://localhost:3003/callback',
  state: 'order-4711',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
} as const;

const push = {
  ...exampleClient(example.tpp),
  ...code,
  resource: example.resource,
  authorization_details: JSON.stringify([examplePayment]),
} as const;

export const examplePushes = {
  'A payment to a bankgiro account with an OCR number': push,
  'A payment in euro with an RF reference': {
    ...push,
    authorization_details: JSON.stringify([exampleEuroPayment]),
  },
  'For one person only, with an id_token': {
    ...push,
    login_hint: `personnummer:${example.personalNumber}`,
    scope: 'openid',
    nonce: 'n-0S6_WzA2Mj',
  },
  'A login': {
    ...exampleClient('exempelbutiken'),
    ...code,
    scope: 'openid https://id.oidc.se/scope/naturalPersonNumber',
    nonce: 'n-0S6_WzA2Mj',
  },
  'As a signed request': { ...exampleClient('signabetal'), request: example.jwt },
} as const;

@Message()
export class PushedRequestDto {
  @TextMember({ description: 'For /authorize; valid for 300 s, once' })
  request_uri!: string;

  @IntegerMember({ description: 'Seconds' })
  expires_in!: number;

  @UuidMember({ optional: true, description: 'Of a payment' })
  consent_id?: string;
}

export const examplePushed = {
  request_uri: example.requestUri,
  expires_in: 300,
  consent_id: example.consentId,
} as const;

/** The header with which a push may be repeated. */
export const TakesIdempotencyKey = (): MethodDecorator =>
  ApiHeader({
    name: 'Idempotency-Key',
    description: 'The same key and parameters within 24 hours: the same consent. Other parameters: 422',
    schema: { type: 'string', pattern: IDEMPOTENCY_KEY.source },
    examples: { order: { value: 'order-4711' } },
  });
