import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { CreditorNameVerificationDto, examplePayment, PaymentDto } from '../../consent/payment.dto.ts';
import { ChannelDto } from '../../consent/consent.dto.ts';
import { SHA256_BASE64URL } from '../../payment/limits.ts';
import { example } from '../../openapi/api-examples.ts';
import {
  InstantMember,
  ListMember,
  Message,
  ObjectMember,
  OpenMember,
  TextMember,
  UuidMember,
  WordMember,
} from '../../openapi/members.ts';
import { CircumstancesDto, exampleCircumstances } from './circumstances.dto.ts';
import { exampleReport, indications, ReportDto, subIndications } from './report.dto.ts';

const environments = ['sandbox', 'bankid-test', 'production'] as const;

@Message()
class EvidenceSummaryDto {
  @UuidMember()
  evidenceId!: string;

  @UuidMember()
  consentId!: string;

  @WordMember(['accepted', 'refused', 'surplus'], { description: 'A signature that authorised nothing is stored too' })
  kind!: string;

  @TextMember({ description: 'The TPP' })
  clientId!: string;

  @WordMember(environments)
  environment!: string;

  @WordMember(indications)
  indication!: string;

  @WordMember(subIndications, { nullable: true })
  subIndication!: string | null;

  @TextMember({ pattern: SHA256_BASE64URL })
  evidenceDigest!: string;

  @InstantMember({ nullable: true })
  signedAt!: string | null;

  @InstantMember()
  receivedAt!: string;

  @InstantMember()
  storedAt!: string;

  @InstantMember()
  retentionEndsAt!: string;
}

@Message()
export class EvidenceListDto {
  @ListMember(() => EvidenceSummaryDto)
  evidence!: EvidenceSummaryDto[];
}

@Message()
class NamedTppDto {
  @TextMember()
  name!: string;

  @TextMember()
  authorisationNumber!: string;
}

@Message({ description: 'consent.json: the consent as pushed, which the signed data repeat' })
class ConsentFileDto {
  @ApiProperty({ type: 'integer', enum: [1, 2], description: 'The version of the template that was signed' })
  @IsIn([1, 2])
  v!: 1 | 2;

  @WordMember(environments)
  environment!: string;

  @UuidMember()
  consentId!: string;

  @TextMember({ description: 'The TPP' })
  clientId!: string;

  @ObjectMember(() => NamedTppDto)
  tpp!: NamedTppDto;

  @TextMember({ description: 'The bank' })
  bank!: string;

  @TextMember({ optional: true, description: 'Its name, as the payer read it; in version 2' })
  bankName?: string;

  @ObjectMember(() => ChannelDto, { optional: true })
  channel?: ChannelDto;

  @ObjectMember(() => CreditorNameVerificationDto, { optional: true })
  creditorNameVerification?: CreditorNameVerificationDto;

  @WordMember(['bound', 'unbound'])
  payer!: string;

  @ObjectMember(() => PaymentDto)
  initiation!: PaymentDto;
}

/** Enough to verify the evidence offline: the files of the evidence folder under similar names. */
@Message()
export class EvidenceDto extends EvidenceSummaryDto {
  @TextMember({
    pattern: SHA256_BASE64URL,
    description:
      'The random bytes that the digest is made with, so that it tells nothing of the payment to those without them',
  })
  evidenceDigestRandom!: string;

  @TextMember({ description: 'As BankID delivered it, base64' })
  signature!: string;

  @TextMember({ nullable: true, description: 'As BankID delivered it, base64' })
  ocspResponse!: string | null;

  @ObjectMember(() => ConsentFileDto)
  consent!: ConsentFileDto;

  @TextMember({ description: 'What the payer read' })
  visibleText!: string;

  @TextMember({ description: 'base64' })
  nonVisibleData!: string;

  @ObjectMember(() => CircumstancesDto)
  circumstances!: CircumstancesDto;

  @ObjectMember(() => ReportDto)
  report!: ReportDto;

  @TextMember({ description: 'PEM of the root that vouched for the signature' })
  bankidRoot!: string;
}

/** `verifyUpload` reads it on a worker thread, as it does ZIPs; the class describes it. */
@Message()
export class BankIdCompletionDto {
  @TextMember({
    description: '`completionData.signature` exactly as BankID delivered it (base64), or the XML document it holds',
  })
  signature!: string;

  @TextMember({ optional: true, nullable: true, description: '`completionData.ocspResponse` (base64)' })
  ocspResponse?: string | null;

  @OpenMember({
    optional: true,
    nullable: true,
    description: 'consent.json of the evidence folder, with which the signed data are compared',
  })
  consent?: object | null;
}

/** `verifyUpload` reads it too; contradictions in it affect the verdict. */
@Message({ additionalProperties: true, description: 'The answer of GET /evidence/{id}' })
export class EvidenceUploadDto {
  @TextMember()
  evidenceId!: string;

  @TextMember()
  evidenceDigest!: string;

  @TextMember()
  evidenceDigestRandom!: string;

  @TextMember()
  signature!: string;

  @TextMember()
  visibleText!: string;

  @TextMember()
  nonVisibleData!: string;

  @TextMember()
  bankidRoot!: string;

  @OpenMember({ description: 'consent.json of the evidence folder' })
  consent!: object;

  @OpenMember({ description: 'circumstances.json of the evidence folder' })
  circumstances!: object;

  @OpenMember({ description: 'report.json of the evidence folder' })
  report!: object;
}

export const exampleCompletion = { signature: 'PD94bWwgdmVyc2lvbj0iMS4wIj8+', ocspResponse: 'MIIHdgoBAKCC' } as const;

const summary = {
  evidenceId: example.evidenceId,
  consentId: example.consentId,
  kind: 'accepted',
  clientId: example.tpp,
  environment: 'production',
  indication: 'TOTAL-PASSED',
  subIndication: null,
  evidenceDigest: example.digest,
  signedAt: example.signedAt,
  receivedAt: example.receivedAt,
  storedAt: example.storedAt,
  retentionEndsAt: example.retentionEndsAt,
} as const;

export const exampleEvidenceList = { evidence: [summary] } as const;

export const exampleEvidence = {
  ...summary,
  evidenceDigestRandom: example.accessTokenSha256,
  ...exampleCompletion,
  consent: {
    v: 2,
    environment: 'production',
    consentId: example.consentId,
    clientId: example.tpp,
    tpp: { name: 'Exempelbetal AB', authorisationNumber: 'PSDSE-FINA-44059' },
    bank: example.bank,
    bankName: 'Exempelbanken AB',
    channel: { way: 'browser' },
    payer: 'bound',
    initiation: examplePayment,
  },
  visibleText: exampleReport.visibleText,
  nonVisibleData: 'e30=',
  circumstances: exampleCircumstances,
  report: exampleReport,
  bankidRoot: '-----BEGIN CERTIFICATE-----\nMIIF…\n-----END CERTIFICATE-----\n',
} as const;
