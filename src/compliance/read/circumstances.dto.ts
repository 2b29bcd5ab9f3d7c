import { SHA256_BASE64URL } from '../../payment/limits.ts';
import { BankPolicyDto, exampleBankPolicy } from './bank-policy.dto.ts';
import { example } from '../../openapi/api-examples.ts';
import {
  BooleanMember,
  InstantMember,
  IntegerMember,
  ListMember,
  Message,
  ObjectMember,
  OpenMember,
  TextMember,
  UuidMember,
  WordMember,
} from '../../openapi/members.ts';

@Message()
class TimelineEventDto {
  @InstantMember()
  at!: string;

  @TextMember()
  event!: string;
}

@Message()
class OrderDto {
  @UuidMember()
  orderId!: string;

  @InstantMember()
  startedAt!: string;

  @InstantMember()
  receivedAt!: string;

  @WordMember(['this', 'other'])
  device!: string;

  @IntegerMember({ description: 'Renewals of the QR code' })
  renewals!: number;

  @InstantMember({
    nullable: true,
    description: 'When the link that starts the BankID app was made for the browser that pressed; null for a QR code',
  })
  launchLinkMadeAt!: string | null;

  @BooleanMember()
  returnNonceCameBack!: boolean;

  @OpenMember({ description: 'As BankID received it (RP API 6.0, /sign)' })
  signParameters!: object;

  @ListMember(() => TimelineEventDto)
  timeline!: TimelineEventDto[];
}

@Message()
class BrowserDto {
  @TextMember()
  ip!: string;

  @TextMember()
  userAgent!: string;

  @TextMember()
  deviceIdentifier!: string;
}

@Message()
class SigningDto {
  @IntegerMember({ description: 'Orders' })
  attempts!: number;

  @IntegerMember({ description: 'How many of them counted as failed' })
  failedAttempts!: number;

  @WordMember(['sv', 'en'])
  language!: string;

  @TextMember({ description: 'Language of the visible text' })
  template!: string;

  @InstantMember()
  pushedAt!: string;
}

@Message()
class RelayRuleDto {
  @TextMember()
  maxRisk!: string;

  @BooleanMember()
  requireDeviceBinding!: boolean;
}

@Message()
class ServiceDto {
  @TextMember()
  softwareVersion!: string;

  @TextMember()
  verificationPolicy!: string;

  @ObjectMember(() => RelayRuleDto)
  relayRule!: RelayRuleDto;

  @IntegerMember({ nullable: true })
  clockOffsetMs!: number | null;

  @TextMember({ nullable: true })
  relyingPartyName!: string | null;
}

@Message({ description: 'circumstances.json: how the signature was made' })
export class CircumstancesDto {
  @UuidMember()
  evidenceId!: string;

  @TextMember({ pattern: SHA256_BASE64URL })
  evidenceDigest!: string;

  @TextMember({ pattern: SHA256_BASE64URL })
  evidenceDigestRandom!: string;

  @ObjectMember(() => OrderDto)
  order!: OrderDto;

  @OpenMember({
    description: 'As BankID answered (RP API 6.0, completionData), without signature and ocspResponse',
  })
  completion!: object;

  @ObjectMember(() => BrowserDto)
  browser!: BrowserDto;

  @ObjectMember(() => SigningDto)
  consent!: SigningDto;

  @ObjectMember(() => ServiceDto)
  service!: ServiceDto;

  @ObjectMember(() => BankPolicyDto, { optional: true })
  bankPolicy?: BankPolicyDto;
}

export const exampleCircumstances = {
  evidenceId: example.evidenceId,
  evidenceDigest: example.digest,
  evidenceDigestRandom: example.accessTokenSha256,
  order: {
    orderId: example.orderId,
    startedAt: example.pushedAt,
    receivedAt: example.receivedAt,
    device: 'this',
    renewals: 0,
    launchLinkMadeAt: example.pushedAt,
    returnNonceCameBack: true,
    signParameters: {},
    timeline: [{ at: example.pushedAt, event: 'ordered' }],
  },
  completion: {},
  browser: { ip: '192.0.2.1', userAgent: 'Mozilla/5.0', deviceIdentifier: 'a1b2' },
  consent: { attempts: 1, failedAttempts: 0, language: 'sv', template: 'sv-2', pushedAt: example.pushedAt },
  service: {
    softwareVersion: '1.0.0',
    verificationPolicy: 'bankid',
    relayRule: { maxRisk: 'low', requireDeviceBinding: false },
    clockOffsetMs: 0,
    relyingPartyName: null,
  },
  bankPolicy: exampleBankPolicy,
} as const;
