import { findingPhrases } from '../../bundle/finding-phrases.ts';
import {
  InstantMember,
  IntegerMember,
  Message,
  ObjectMember,
  TextMember,
  TextsMember,
  WordMember,
} from '../../openapi/members.ts';
import { exampleReport, ReportDto } from './report.dto.ts';

const { en } = findingPhrases;

@Message({ description: 'An RFC 3161 timestamp' })
class TimestampFindingDto {
  @WordMember(Object.keys(en.timeStates))
  state!: string;

  @WordMember(Object.keys(en.timestampReasons), { optional: true, description: 'Of state unsound' })
  reason?: string;

  @InstantMember({ optional: true, description: 'genTime; of states sound and untrusted' })
  time?: string;

  @TextMember({ optional: true, description: "Subject of the authority's certificate" })
  authority?: string;
}

@Message({ description: 'The seal over what was handed over' })
class SealFindingDto {
  @WordMember(Object.keys(en.sealStates), {
    description: 'untrusted: genuine, but its issuer is not trusted, or no trusted timestamp says when it was made',
  })
  state!: string;

  @WordMember([...Object.keys(en.sealReasons), ...Object.keys(en.openSeal)], {
    optional: true,
    description: 'Of states unsound and untrusted (issuer, undated)',
  })
  reason?: string;

  @TextMember({ optional: true, description: 'The member that the reason is about' })
  member?: string;

  @TextMember({ optional: true })
  signer?: string;

  @TextMember({ optional: true })
  issuer?: string;

  @InstantMember({ optional: true, nullable: true, description: 'signing-time as the seal states it' })
  claimedTime?: string | null;

  @ObjectMember(() => TimestampFindingDto, { optional: true })
  timestamp?: TimestampFindingDto;
}

@Message({ description: "The evidence's place in its bank's ledger" })
class LedgerFindingDto {
  @WordMember(Object.keys(en.ledgerStates))
  state!: string;

  @WordMember([...Object.keys(en.ledgerReasons), ...Object.keys(en.uncompared)], { optional: true })
  reason?: string;

  @TextMember({ optional: true })
  origin?: string;

  @IntegerMember({ optional: true })
  number?: number;

  @IntegerMember({ optional: true, description: 'How many evidences the checkpoint covers' })
  size?: number;

  @IntegerMember({ optional: true, description: 'The size of the checkpoint that was kept' })
  keptSize?: number;

  @TextsMember({ optional: true, description: 'Names of the keys that signed the checkpoint' })
  signedBy?: string[];

  @ObjectMember(() => TimestampFindingDto, { optional: true })
  timestamp?: TimestampFindingDto;
}

@Message({ description: "What this installation trusts besides BankID's root" })
class TrustedIssuersDto {
  @TextsMember({ description: 'Subjects that may have issued the certificate of a seal' })
  seals!: string[];

  @TextsMember({ description: 'Subjects that may have issued the certificate of a timestamp authority' })
  timestamps!: string[];

  @TextsMember({ description: 'Names of keys that may have signed a checkpoint' })
  ledgers!: string[];
}

/** The report on an upload: the verdict on its signature, and what vouches for it as a whole. */
@Message({ description: 'The report, and seal, ledger and time; none of these changes the verdict on the signature' })
export class EvidenceReportDto extends ReportDto {
  @WordMember(Object.keys(en.containers))
  container!: string;

  @ObjectMember(() => SealFindingDto)
  seal!: SealFindingDto;

  @ObjectMember(() => LedgerFindingDto)
  ledger!: LedgerFindingDto;

  @ObjectMember(() => TrustedIssuersDto)
  trusted!: TrustedIssuersDto;
}

export const exampleEvidenceReport = {
  ...exampleReport,
  container: 'folder',
  seal: { state: 'none' },
  ledger: { state: 'none' },
  trusted: { seals: [], timestamps: [], ledgers: [] },
} as const;
