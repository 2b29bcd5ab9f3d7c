import {
  BooleanMember,
  InstantMember,
  IntegerMember,
  Message,
  ObjectMember,
  TextMember,
  TextsMember,
  UuidMember,
  WordMember,
} from '../../openapi/members.ts';
import { example } from '../../openapi/api-examples.ts';
import { readingPurposes } from '../../uploads/purpose.ts';
import { PAYMENT_REFERENCE } from '../../payment/limits.ts';
import { PERSONAL_NUMBER } from '../../kernel/personal-number.ts';
import { CASE_REFERENCE, exportedStates, exportFormats } from '../export-request.ts';
import { COMPACT_JWS, ID_TOKEN_LENGTH } from '../identity/id-token.ts';
import { exportFailures, exportNames, exportStates } from './export-order.ts';

const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;

@Message({ description: 'A period (by moments or by days) or one consent, of the bank of the caller' })
export class ExportOrderRequestDto {
  @WordMember(exportFormats, {
    description:
      'What the ZIP has of each consent. `list`: its line in both indexes and its reports, masked, without signatures; `folders`: the evidence folder too; `bundles`: the sealed bundle; `jsonl`: a line of evidence.jsonl',
  })
  format!: string;

  @InstantMember({ optional: true, description: 'Authorised at this moment or later' })
  from?: string;

  @InstantMember({ optional: true, description: 'Authorised before this moment, which is past' })
  to?: string;

  @TextMember({ optional: true, pattern: DAY, description: 'Authorised on this day in Sweden or later' })
  firstDay?: string;

  @TextMember({ optional: true, pattern: DAY, description: 'Authorised on this day in Sweden or before; it is past' })
  lastDay?: string;

  @TextMember({ optional: true, length: { min: 1, max: 200 }, description: 'Only of this TPP' })
  tpp?: string;

  @UuidMember({ optional: true, description: 'One consent, instead of a period' })
  consentId?: string;

  @TextMember({
    optional: true,
    pattern: PAYMENT_REFERENCE,
    description: 'Only the payment with this reference of the bank',
  })
  paymentReference?: string;

  @TextMember({
    optional: true,
    pattern: PERSONAL_NUMBER,
    description: 'Only payments of the person with this number, which is not stored and in no answer',
  })
  payer?: string;

  @TextsMember(
    {
      optional: true,
      description:
        'Of a period: the states whose consents are exported. `signed`: with accepted evidence, also where they were revoked or expired afterwards. An export has no others',
    },
    exportedStates,
  )
  states?: string[];

  @BooleanMember({ optional: true, description: 'A receipt (PDF) of each consent; of 1,000 at most' })
  receipts?: boolean;

  @WordMember(readingPurposes, { description: 'Why; recorded in the audit trail' })
  purpose!: string;

  @TextMember({ optional: true, pattern: CASE_REFERENCE, description: 'The case for which it is ordered' })
  caseReference?: string;

  @TextMember({
    optional: true,
    length: ID_TOKEN_LENGTH,
    pattern: COMPACT_JWS,
    description:
      'For signatures of several consents: an id_token of the person who orders, with the nonce of this order',
  })
  requesterToken?: string;
}

@Message({ description: 'The moments between which the consents were authorised' })
class ExportPeriodDto {
  @InstantMember()
  from!: string;

  @InstantMember({ description: 'No longer in the period' })
  to!: string;
}

@Message()
class ExportProgressDto {
  @IntegerMember({ description: 'Consents when it was ordered' })
  expected!: number;

  @IntegerMember({ description: 'Consents that are in the result' })
  consents!: number;

  @IntegerMember({
    description: 'Consents whose evidence was erased at the end of its retention: they are in no result',
  })
  erased!: number;
}

@Message()
class ExportResultDto {
  @IntegerMember({ description: 'In octets' })
  size!: number;

  @TextMember({ pattern: /^[0-9a-f]{64}$/, description: 'Hexadecimal' })
  sha256!: string;

  @InstantMember({ description: 'When the result is destroyed' })
  expiresAt!: string;
}

@Message()
export class ExportDto {
  @UuidMember()
  exportId!: string;

  @WordMember(exportStates)
  state!: string;

  @WordMember(exportFailures, { nullable: true, description: 'Why it failed' })
  failure!: string | null;

  @WordMember(exportFormats)
  format!: string;

  @ObjectMember(() => ExportPeriodDto, { nullable: true, description: 'null for one consent' })
  period!: ExportPeriodDto | null;

  @TextMember({ nullable: true })
  tpp!: string | null;

  @UuidMember({ nullable: true })
  consentId!: string | null;

  @TextsMember({ description: 'Which of payer and payment reference were named' }, exportNames)
  names!: readonly string[];

  @BooleanMember()
  receipts!: boolean;

  @WordMember(readingPurposes)
  purpose!: string;

  @TextMember({ nullable: true })
  caseReference!: string | null;

  @InstantMember()
  orderedAt!: string;

  @ObjectMember(() => ExportProgressDto)
  progress!: ExportProgressDto;

  @ObjectMember(() => ExportResultDto, { nullable: true, description: 'null unless it is ready' })
  result!: ExportResultDto | null;
}

export const exampleOrder = {
  format: 'list',
  firstDay: '2026-03-01',
  lastDay: '2026-03-31',
  purpose: 'audit',
  caseReference: 'FI/2026-117',
} as const;

export const exampleExport = {
  exportId: example.exportId,
  state: 'ready',
  failure: null,
  format: 'list',
  period: { from: '2026-02-28T23:00:00.000Z', to: '2026-03-31T22:00:00.000Z' },
  tpp: null,
  consentId: null,
  names: [],
  receipts: false,
  purpose: 'audit',
  caseReference: 'FI/2026-117',
  orderedAt: '2026-11-30T09:15:00.000Z',
  progress: { expected: 4711, consents: 4711, erased: 0 },
  result: {
    size: 1843200,
    sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    expiresAt: '2026-12-03T09:15:04.000Z',
  },
} as const;
