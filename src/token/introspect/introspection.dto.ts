import { exampleGrantedPayment, GrantedPaymentDto } from '../../consent/payment.dto.ts';
import { PERSONAL_NUMBER } from '../../kernel/personal-number.ts';
import { example } from '../../openapi/api-examples.ts';
import {
  BooleanMember,
  IntegerMember,
  ListMember,
  Message,
  ObjectMember,
  TextMember,
  UuidMember,
  WordMember,
} from '../../openapi/members.ts';
import { ClientFormDto, exampleClient, FormMessage } from '../form/client-form.dto.ts';
import { SHA256, SOME_TEXT } from '../oauth/patterns.ts';
import { ACR } from '../../config/payment-acr.ts';

@FormMessage()
export class IntrospectionFormDto extends ClientFormDto {
  @TextMember({ pattern: SOME_TEXT, description: 'What the TPP showed' })
  token!: string;
}

export const exampleIntrospections = {
  'A token that a TPP showed': { ...exampleClient(example.bank), token: example.accessToken },
} as const;

@Message({ minProperties: 1, maxProperties: 1 })
class ConfirmationDto {
  @TextMember({ optional: true, pattern: SHA256, description: 'Thumbprint of the DPoP key (RFC 9449 §6.1)' })
  jkt?: string;

  @TextMember({ optional: true, pattern: SHA256, description: 'SHA-256 of the certificate (RFC 8705 §3.1)' })
  'x5t#S256'?: string;
}

@Message()
class TokenPayerDto {
  @TextMember({ pattern: PERSONAL_NUMBER })
  personalNumber!: string;
}

@Message()
export class ActiveTokenDto {
  @BooleanMember({}, true)
  active!: true;

  @TextMember({ description: 'Our issuer' })
  iss!: string;

  @TextMember({ description: 'The bank’s resource' })
  aud!: string;

  @TextMember({ description: 'The TPP' })
  client_id!: string;

  @TextMember({ description: 'Pairwise: the payer, for this TPP' })
  sub!: string;

  @WordMember(['DPoP', 'Bearer'])
  token_type!: string;

  @IntegerMember({ description: 'Seconds since 1970' })
  iat!: number;

  @IntegerMember({ description: 'Seconds since 1970' })
  exp!: number;

  @ObjectMember(() => ConfirmationDto)
  cnf!: ConfirmationDto;

  @WordMember([ACR])
  acr!: string;

  @IntegerMember({ description: 'When the payer signed' })
  auth_time!: number;

  @UuidMember()
  consent_id!: string;

  @ListMember(() => GrantedPaymentDto)
  authorization_details!: GrantedPaymentDto[];

  @TextMember({ pattern: SHA256 })
  evidence_digest!: string;

  @ObjectMember(() => TokenPayerDto)
  payer!: TokenPayerDto;
}

@Message({ description: 'Unknown, foreign, expired, revoked or consumed' })
export class InactiveTokenDto {
  @BooleanMember({}, false)
  active!: false;
}

export const exampleTokenFacts = {
  live: {
    active: true,
    iss: example.issuer,
    aud: example.resource,
    client_id: example.tpp,
    sub: example.digest,
    token_type: 'DPoP',
    iat: 1_796_029_200,
    exp: 1_796_029_500,
    cnf: { jkt: 'ww1O2F-6A_oUYixJhd22KxBK83I-I48xGr2vnb9mgoA' },
    acr: ACR,
    auth_time: 1_796_029_190,
    consent_id: example.consentId,
    authorization_details: [exampleGrantedPayment],
    evidence_digest: example.digest,
    payer: { personalNumber: example.personalNumber },
  },
  dead: { active: false },
} as const;
