import { ApiProperty } from '@nestjs/swagger';
import { IsObject } from 'class-validator';
import { IntegerMember, Message, ObjectMember, TextMember, TextsMember, WordMember } from '../openapi/members.ts';

@Message()
export class LivenessDto {
  @WordMember(['ok'])
  status!: 'ok';
}

@Message()
class PartDto {
  @WordMember(['up', 'down', 'degraded'])
  status!: string;

  @TextMember({ optional: true, description: 'Why it is not up' })
  message?: string;
}

@Message()
class ClockPartDto extends PartDto {
  @IntegerMember({ nullable: true, description: 'Against the database' })
  offsetMs!: number | null;

  @IntegerMember({ nullable: true, description: 'Against BankID' })
  bankidOffsetMs!: number | null;
}

@Message()
class CertificatesPartDto extends PartDto {
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    description: 'Until each certificate expires',
  })
  @IsObject()
  daysLeft!: Readonly<Record<string, number>>;
}

@Message()
class KeysPartDto extends PartDto {
  @TextsMember({ optional: true, description: 'Which ring lacks a key' }, ['evidence', 'look-up'])
  rings?: string[];
}

@Message()
class PartsDto {
  @ObjectMember(() => PartDto, { optional: true })
  database?: PartDto;

  @ObjectMember(() => PartDto, { optional: true })
  bankid?: PartDto;

  @ObjectMember(() => ClockPartDto, { optional: true })
  clock?: ClockPartDto;

  @ObjectMember(() => CertificatesPartDto, { optional: true })
  certificates?: CertificatesPartDto;

  @ObjectMember(() => KeysPartDto, { optional: true })
  keys?: KeysPartDto;

  @ObjectMember(() => PartDto, { optional: true })
  ledger?: PartDto;

  @ObjectMember(() => PartDto, { optional: true })
  erasure?: PartDto;
}

@Message()
export class ReadinessDto {
  @WordMember(['ok', 'degraded', 'error', 'shutting_down'])
  status!: string;

  @ObjectMember(() => PartsDto)
  info!: PartsDto;

  @ObjectMember(() => PartsDto)
  error!: PartsDto;

  @ObjectMember(() => PartsDto)
  details!: PartsDto;
}

const up = { status: 'up' };
const parts = {
  database: up,
  bankid: up,
  clock: { ...up, offsetMs: 1, bankidOffsetMs: 0 },
  certificates: { ...up, daysLeft: { 'rp-certificate': 420 } },
  keys: up,
  ledger: up,
  erasure: up,
};
const down = { database: { status: 'down', message: 'does not answer' } };

export const exampleReadiness = { status: 'ok', info: parts, error: {}, details: parts };
export const exampleFailure = { status: 'error', info: {}, error: down, details: down };
