import 'reflect-metadata';
import { Type } from 'class-transformer';
import { IsDefined, IsIn, IsObject, IsString, Length, Matches, ValidateIf, ValidateNested } from 'class-validator';

export class PayerDto {
  @Matches(/^\d{12}$/)
  personalNumber!: string;
}

export class ConsumeDto {
  @Matches(/^[A-Za-z0-9_-]{43}$/)
  accessTokenSha256!: string;

  @IsObject()
  payment!: object;

  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => PayerDto)
  payer!: PayerDto;

  @IsString()
  @Matches(/^[\x21-\x7e](?:[\x20-\x7e]{0,98}[\x21-\x7e])?$/)
  paymentReference!: string;
}

export class ExecutionDto {
  @IsIn(['executed', 'failed'])
  execution!: 'executed' | 'failed';

  @ValidateIf((report: ExecutionDto) => report.reason !== undefined)
  @IsString()
  @Length(1, 200)
  reason?: string;
}
