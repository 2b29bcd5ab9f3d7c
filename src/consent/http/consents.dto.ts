import 'reflect-metadata';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsDefined, IsIn, IsObject, IsString, Length, Matches, ValidateIf, ValidateNested } from 'class-validator';

export class PayerDto {
  @ApiProperty({ description: 'Twelve digits, YYYYMMDDNNNN', example: '191212121212' })
  @Matches(/^\d{12}$/)
  personalNumber!: string;
}

export class ConsumeDto {
  @ApiProperty({ description: 'base64url of the SHA-256 of the access token', minLength: 43, maxLength: 43 })
  @Matches(/^[A-Za-z0-9_-]{43}$/)
  accessTokenSha256!: string;

  @ApiProperty({ description: 'All members of the payment_initiation, as the payment will be executed', type: Object })
  @IsObject()
  payment!: object;

  @ApiProperty({ type: PayerDto })
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => PayerDto)
  payer!: PayerDto;

  @ApiProperty({ description: "The bank's own reference; unique among its payments", minLength: 1, maxLength: 100 })
  @IsString()
  @Matches(/^[\x21-\x7e](?:[\x20-\x7e]{0,98}[\x21-\x7e])?$/)
  paymentReference!: string;
}

export class ExecutionDto {
  @ApiProperty({ enum: ['executed', 'failed'] })
  @IsIn(['executed', 'failed'])
  execution!: 'executed' | 'failed';

  @ApiPropertyOptional({ description: 'Why it failed; required then, and only then', minLength: 1, maxLength: 200 })
  @ValidateIf((report: ExecutionDto) => report.reason !== undefined)
  @IsString()
  @Length(1, 200)
  reason?: string;
}
