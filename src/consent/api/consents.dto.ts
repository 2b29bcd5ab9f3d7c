import 'reflect-metadata';
import { ApiProperty } from '@nestjs/swagger';
import { IsObject } from 'class-validator';
import { PERSONAL_NUMBER } from '../../kernel/personal-number.ts';
import { executionReasonLength, PAYMENT_REFERENCE, SHA256_BASE64URL } from '../../payment/limits.ts';
import { example } from '../../openapi/api-examples.ts';
import {
  InstantMember,
  Message,
  ObjectMember,
  TextMember,
  UuidMember,
  WordMember,
  partly,
} from '../../openapi/members.ts';
import { examplePayment, PaymentDto } from '../payment.dto.ts';

@Message()
class PayerDto {
  @TextMember({ pattern: PERSONAL_NUMBER, description: 'YYYYMMDDNNNN, with a valid check digit' })
  personalNumber!: string;
}

@Message()
export class ConsumeRequestDto {
  @TextMember({ pattern: SHA256_BASE64URL, description: 'SHA-256 of the access token that the TPP presented' })
  accessTokenSha256!: string;

  /** Read by `parseExecutedInitiation`, whose errors say more. */
  @ApiProperty({ type: PaymentDto })
  @IsObject()
  payment!: object;

  @ObjectMember(() => PayerDto)
  payer!: PayerDto;

  @TextMember({ pattern: PAYMENT_REFERENCE, description: 'The bank’s own reference, unique among its payments' })
  paymentReference!: string;
}

export const exampleConsumption = {
  accessTokenSha256: example.accessTokenSha256,
  payment: examplePayment,
  payer: { personalNumber: example.personalNumber },
  paymentReference: 'payment-4711',
} as const;

@Message()
export class ConsumedDto {
  @UuidMember()
  consentId!: string;

  @WordMember(['consumed'])
  state!: 'consumed';

  @InstantMember()
  consumedAt!: string;

  @TextMember({ pattern: SHA256_BASE64URL })
  evidenceDigest!: string;

  @TextMember({ description: 'As it was sent' })
  paymentReference!: string;
}

export const exampleConsumed = {
  consentId: example.consentId,
  state: 'consumed',
  consumedAt: example.consumedAt,
  evidenceDigest: example.digest,
  paymentReference: 'payment-4711',
} as const;

/** A reason is required if the payment failed, and refused otherwise. */
@Message({
  if: partly({ execution: { const: 'failed' } }),
  then: partly({ reason: {} }),
  else: partly({ reason: false }, []),
})
export class ExecutionReportDto {
  @WordMember(['executed', 'failed'])
  execution!: 'executed' | 'failed';

  @TextMember({
    optional: true,
    length: executionReasonLength,
    description: 'Why it failed; required for a failure, not allowed otherwise',
  })
  reason?: string;
}

@Message()
export class ExecutionDto {
  @UuidMember()
  consentId!: string;

  @WordMember(['executed', 'failed'])
  execution!: string;
}
