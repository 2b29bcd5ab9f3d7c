import { ChannelDto } from '../../consent/consent.dto.ts';
import { bindings } from '../../payment/channel.ts';
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
  partly,
  TextMember,
  TextsMember,
  UuidMember,
  WordMember,
} from '../../openapi/members.ts';

const SHA256_HEX = /^[0-9a-f]{64}$/;

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

  @WordMember(['this', 'other'], { optional: true, description: 'In a browser: where the BankID was to be started' })
  device?: string;

  @IntegerMember({ description: 'Renewals of the QR code' })
  renewals!: number;

  @InstantMember({
    nullable: true,
    description: 'Since when there could be a link that starts the BankID app; null for a QR code and a phone call',
  })
  launchLinkMadeAt!: string | null;

  @BooleanMember({ description: 'In the bound browser, or from the app with the key of its request' })
  returnNonceCameBack!: boolean;

  @OpenMember({ description: 'As BankID received it (RP API 6.0, /sign)' })
  signParameters!: object;

  @ListMember(() => TimelineEventDto)
  timeline!: TimelineEventDto[];
}

const HAS_ONE = { if: partly({ app: {} }), then: { not: partly({ web: {} }) } };

@Message()
class StatedAppDto {
  @TextMember()
  appIdentifier!: string;

  @TextMember()
  deviceOS!: string;

  @TextMember()
  deviceModelName!: string;

  @TextMember()
  deviceIdentifier!: string;
}

@Message()
class StatedSiteDto {
  @TextMember()
  referringDomain!: string;

  @TextMember()
  userAgent!: string;

  @TextMember()
  deviceIdentifier!: string;
}

@Message({ ...HAS_ONE, description: 'The device of the TPP’s app, or of the screen with its QR code' })
class StatedDeviceDto {
  @WordMember(['stated-by-client'], { description: 'Sigill has not seen the device: this is what the TPP says of it' })
  origin!: string;

  @TextMember()
  endUserIp!: string;

  @TextMember({ optional: true })
  userAgent?: string;

  @ObjectMember(() => StatedAppDto, { optional: true })
  app?: StatedAppDto;

  @ObjectMember(() => StatedSiteDto, { optional: true })
  web?: StatedSiteDto;
}

@Message({ description: 'Whether what asked for the signature is tied to what signed' })
class RelayDto {
  @WordMember(bindings, {
    description:
      'The nonce of the order came back: in the bound browser, or from the app with the key of its request; the device of the ' +
      'BankID has the address of the browser, or the one that the TPP states of its app; or none of these',
  })
  binding!: string;

  @TextMember({ description: 'BankID’s word; absent where it gave none' })
  risk!: string;
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

@Message({ description: 'What the health check had found last, each minute: as GET /health/ready says it' })
class HealthFoundDto {
  @InstantMember()
  checkedAt!: string;

  @TextMember()
  status!: string;

  @IntegerMember({ nullable: true, description: 'Our clock minus BankID’s' })
  bankidOffsetMs!: number | null;

  @TextsMember({ description: 'Parts that worked in part' })
  degraded!: string[];

  @TextsMember({ description: 'Parts that did not work' })
  down!: string[];
}

@Message()
class ServiceDto {
  @TextMember()
  softwareVersion!: string;

  @TextMember({ pattern: SHA256_HEX, description: 'SHA-256 over the files of the built program' })
  buildDigest!: string;

  @TextMember({ pattern: SHA256_HEX, description: 'SHA-256 of BankID’s root certificate' })
  rootFingerprint!: string;

  @ObjectMember(() => HealthFoundDto, { nullable: true, description: 'Null before the first check' })
  healthAt!: HealthFoundDto | null;

  @TextMember()
  verificationPolicy!: string;

  @ObjectMember(() => RelayRuleDto)
  relayRule!: RelayRuleDto;

  @IntegerMember({ nullable: true, description: 'Our clock minus the database’s' })
  clockOffsetMs!: number | null;

  @TextMember({ nullable: true })
  relyingPartyName!: string | null;
}

@Message({ description: 'circumstances.json: how the signature was made' })
export class CircumstancesDto {
  @UuidMember()
  evidenceId!: string;

  @ObjectMember(() => OrderDto)
  order!: OrderDto;

  @OpenMember({
    description: 'As BankID answered (RP API 6.0, completionData), without signature and ocspResponse',
  })
  completion!: object;

  @ObjectMember(() => ChannelDto, { optional: true, description: 'How the payer was reached, as the payer signed it' })
  channel?: ChannelDto;

  @ObjectMember(() => BrowserDto, { optional: true, description: 'As Sigill saw it' })
  browser?: BrowserDto;

  @ObjectMember(() => StatedDeviceDto, { optional: true })
  statedDevice?: StatedDeviceDto;

  @ObjectMember(() => RelayDto, { optional: true })
  relay?: RelayDto;

  @ObjectMember(() => SigningDto)
  consent!: SigningDto;

  @ObjectMember(() => ServiceDto)
  service!: ServiceDto;

  @ObjectMember(() => BankPolicyDto, { optional: true })
  bankPolicy?: BankPolicyDto;
}

export const exampleCircumstances = {
  evidenceId: example.evidenceId,
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
  channel: { way: 'browser' },
  completion: {},
  relay: { binding: 'returned-in-bound-browser', risk: 'low' },
  browser: { ip: '192.0.2.1', userAgent: 'Mozilla/5.0', deviceIdentifier: 'a1b2' },
  consent: { attempts: 1, failedAttempts: 0, language: 'sv', template: 'sv-2', pushedAt: example.pushedAt },
  service: {
    softwareVersion: '1.0.0',
    buildDigest: 'd7a8fbb307d7809469ca9abcb0082e4f8d5651e46d3cdb762d02d0bf37c9e592',
    rootFingerprint: 'ca32588e385b961d58e26010c6f8c839f7ca071e497de6b7841640a61506fd31',
    healthAt: { checkedAt: example.pushedAt, status: 'ok', bankidOffsetMs: 0, degraded: [], down: [] },
    verificationPolicy: 'bankid',
    relayRule: { maxRisk: 'low', requireDeviceBinding: false },
    clockOffsetMs: 0,
    relyingPartyName: null,
  },
  bankPolicy: exampleBankPolicy,
} as const;
