import { BankPolicyDto } from './bank-policy.dto.ts';
import { example } from '../../openapi/api-examples.ts';
import {
  IntegerMember,
  ListMember,
  InstantMember,
  Message,
  ObjectMember,
  TextMember,
  TextsMember,
  WordMember,
} from '../../openapi/members.ts';
import { bindings } from '../../payment/channel.ts';
import { englishChecks } from '../../verification/messages.en.ts';
import { checkIds } from '../../verification/report.ts';

export const indications = ['TOTAL-PASSED', 'TOTAL-FAILED', 'INDETERMINATE'] as const;

export const subIndications = [
  'FORMAT_FAILURE',
  'HASH_FAILURE',
  'SIG_CRYPTO_FAILURE',
  'REVOKED',
  'EXPIRED',
  'NOT_YET_VALID',
  'SIG_CONSTRAINTS_FAILURE',
  'CHAIN_CONSTRAINTS_FAILURE',
  'CERTIFICATE_CHAIN_GENERAL_FAILURE',
  'CRYPTO_CONSTRAINTS_FAILURE',
  'CRYPTO_CONSTRAINTS_FAILURE_NO_POE',
  'POLICY_PROCESSING_ERROR',
  'NO_SIGNING_CERTIFICATE_FOUND',
  'NO_CERTIFICATE_CHAIN_FOUND',
  'REVOKED_NO_POE',
  'OUT_OF_BOUNDS_NO_POE',
  'REVOCATION_OUT_OF_BOUNDS_NO_POE',
  'TIMESTAMP_ORDER_FAILURE',
  'TRY_LATER',
] as const;

@Message({ description: 'The parameters of the message' })
class MessageParametersDto {
  @TextMember({ optional: true, description: 'The construct that cannot be parsed' })
  fault?: string;

  @TextMember({ optional: true, description: 'A reference of the signature' })
  reference?: string;

  @IntegerMember({ optional: true, description: '0: the signing certificate; 1, 2: the CA certificates above it' })
  position?: number;

  @IntegerMember({ optional: true, description: 'The smallest, or largest, RSA modulus' })
  bits?: number;

  @IntegerMember({ optional: true, description: 'The status of the OCSP response (RFC 6960 §4.2.1)' })
  status?: number;

  @TextMember({ optional: true, description: 'What the app says that it did' })
  funcId?: string;

  @TextMember({ optional: true, description: 'A file of the evidence folder' })
  file?: string;

  @TextMember({ optional: true, description: 'A member of that file' })
  member?: string;
}

@Message()
class CheckDto {
  @WordMember(checkIds)
  id!: string;

  @WordMember(['passed', 'failed', 'indeterminate', 'skipped'])
  status!: string;

  @WordMember(Object.keys(englishChecks), { description: 'What the check concluded, and why' })
  message!: string;

  @ObjectMember(() => MessageParametersDto, { optional: true })
  parameters?: MessageParametersDto;

  @TextMember({ description: 'The same in English, without personal data' })
  detail!: string;
}

@Message()
class SignerDto {
  @TextMember()
  personalNumber!: string;

  @TextMember()
  name!: string;
}

@Message()
class RecordedRelayDto {
  @WordMember(bindings)
  binding!: string;

  @TextMember()
  risk!: string;

  @TextMember({ nullable: true, description: 'What the TPP stated of the device of its app or screen' })
  statedAddress!: string | null;
}

/** The verifier's report on a signature. */
@Message({ description: 'Indications of ETSI EN 319 102-1; members that were not established are null' })
export class ReportDto {
  @WordMember(indications)
  indication!: string;

  @WordMember(subIndications, { nullable: true })
  subIndication!: string | null;

  @WordMember(['signature', 'consent', 'identification'])
  scope!: string;

  @WordMember(['yes', 'no', 'not-compared'])
  matches!: string;

  @WordMember(['production', 'test', 'unpinned'], { nullable: true })
  environment!: string | null;

  @TextMember({ nullable: true, description: 'Name and SHA-256 of the root' })
  trustAnchor!: string | null;

  @TextMember({ nullable: true })
  relyingParty!: string | null;

  @WordMember(['bound', 'unbound', 'not-compared'])
  payer!: string;

  @InstantMember({ nullable: true, description: 'producedAt of the OCSP response' })
  signedAt!: string | null;

  @ObjectMember(() => SignerDto, { nullable: true })
  signer!: SignerDto | null;

  @TextMember({ nullable: true, description: 'What the payer read' })
  visibleText!: string | null;

  @TextMember({ nullable: true, description: 'base64' })
  nonVisibleData!: string | null;

  @TextsMember()
  warnings!: string[];

  @ListMember(() => CheckDto)
  checks!: CheckDto[];

  @ObjectMember(() => RecordedRelayDto, { optional: true, description: 'As the service recorded it' })
  relay?: RecordedRelayDto;

  @ObjectMember(() => BankPolicyDto, { optional: true })
  bankPolicy?: BankPolicyDto;
}

export const exampleReport = {
  indication: 'TOTAL-PASSED',
  subIndication: null,
  scope: 'consent',
  matches: 'yes',
  environment: 'production',
  trustAnchor: 'CN=BankID Root CA v1, SHA-256 47DEQpj8HBSa',
  relyingParty: 'Sigill AB',
  payer: 'bound',
  signedAt: example.signedAt,
  signer: { personalNumber: example.personalNumber, name: 'Tolvan Tolvansson' },
  visibleText: 'Exempelbetal:\n  1 250,00 kr',
  nonVisibleData: 'e30=',
  warnings: [],
  checks: [{ id: 'digests', status: 'passed', message: 'digests.equal', detail: 'both digests match' }],
} as const;
