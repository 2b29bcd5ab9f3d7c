import {
  InstantMember,
  ListMember,
  Message,
  ObjectMember,
  partly,
  TextMember,
  UuidMember,
  WordMember,
} from '../openapi/members.ts';
import { ways } from '../payment/channel.ts';
import { example } from '../openapi/api-examples.ts';
import { AccountDto, examplePayment, PaymentDto } from './payment.dto.ts';

@Message()
class BerlinGroupStatusDto {
  @WordMember(['RCVD', 'ACTC', 'ACSC', 'RJCT', 'CANC'])
  transactionStatus!: string;

  @WordMember(['received', 'started', 'finalised', 'failed'])
  scaStatus!: string;
}

@Message()
class ObieStatusDto {
  @WordMember(['AWAU', 'AUTH', 'COND', 'RJCT'])
  status!: string;
}

const ONLY_A_CALL_HAS_AN_INITIATOR = {
  if: partly({ way: { const: 'phone' } }),
  then: partly({ callInitiator: {} }),
  else: { not: partly({ callInitiator: {} }) },
};

@Message(ONLY_A_CALL_HAS_AN_INITIATOR)
export class ChannelDto {
  @WordMember(ways)
  way!: string;

  @WordMember(['user', 'RP'], { optional: true, description: 'Who called: the payer or the TPP' })
  callInitiator?: string;
}

@Message({ description: 'A consent as its TPP or its bank reads it; some members are only for the bank.' })
export class ConsentDto {
  @UuidMember()
  consentId!: string;

  @WordMember(['awaiting-authorisation', 'authorised', 'consumed', 'rejected', 'expired', 'revoked'])
  state!: string;

  @WordMember(['declined', 'not-completed', 'expired', 'revoked'], {
    optional: true,
    description: 'Why it ended without being consumed',
  })
  reason?: string;

  @ListMember(() => PaymentDto)
  authorizationDetails!: PaymentDto[];

  @TextMember({ description: 'Client id of the bank' })
  bank!: string;

  @TextMember({ description: 'Client id of the TPP' })
  clientId!: string;

  @ObjectMember(() => ChannelDto, { description: 'How the payer is reached, as the payer signs it' })
  channel!: ChannelDto;

  @WordMember(['bound', 'unbound'], { description: 'Whether the TPP named the only person who may sign' })
  payer!: string;

  @InstantMember()
  createdAt!: string;

  @InstantMember()
  expiresAt!: string;

  @InstantMember({ optional: true })
  authorisedAt?: string;

  @InstantMember({ optional: true })
  endedAt?: string;

  @ObjectMember(() => AccountDto, { optional: true })
  debtorAccount?: AccountDto;

  @TextMember({ optional: true, description: 'The bank’s own reference; only for the bank' })
  paymentReference?: string;

  @WordMember(['pending', 'executed', 'failed'], { optional: true })
  execution?: string;

  @TextMember({ optional: true, description: 'Why it failed; only for the bank' })
  executionReason?: string;

  @ObjectMember(() => BerlinGroupStatusDto)
  berlinGroup!: BerlinGroupStatusDto;

  @ObjectMember(() => ObieStatusDto)
  obie!: ObieStatusDto;
}

/** A consent that a payer has signed. */
export const exampleConsent = {
  consentId: example.consentId,
  state: 'authorised',
  authorizationDetails: [examplePayment],
  bank: example.bank,
  clientId: example.tpp,
  channel: { way: 'browser' },
  payer: 'bound',
  createdAt: example.pushedAt,
  expiresAt: example.expiresAt,
  authorisedAt: example.receivedAt,
  berlinGroup: { transactionStatus: 'ACTC', scaStatus: 'finalised' },
  obie: { status: 'AUTH' },
} as const;
