import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  IsBase64,
  IsBoolean,
  IsIn,
  IsNotEmptyObject,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  MinLength,
  ValidateNested,
} from 'class-validator';

/** Members of BankID's answers under their wire names. Unknown members, which BankID may add, are ignored. */

export class PhoneAnswerDto {
  @Matches(/^[0-9A-Za-z-]{1,100}$/)
  orderRef!: string;
}

export class DeviceAnswerDto extends PhoneAnswerDto {
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  autoStartToken!: string;

  @IsString()
  @MinLength(1)
  @MaxLength(200)
  qrStartToken!: string;

  @IsString()
  @MinLength(1)
  @MaxLength(200)
  qrStartSecret!: string;
}

export class UserDto {
  @Matches(/^\d{12}$/)
  personalNumber!: string;

  @IsString()
  name!: string;

  @IsString()
  givenName!: string;

  @IsString()
  surname!: string;
}

export class DeviceDto {
  @IsOptional()
  @IsString()
  ipAddress?: string;

  @IsOptional()
  @IsString()
  uhi?: string;
}

export class StepUpDto {
  @IsOptional()
  @IsBoolean()
  mrtd?: boolean;
}

export class CompletionDataDto {
  @IsNotEmptyObject()
  @ValidateNested()
  @Type(() => UserDto)
  user!: UserDto;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => DeviceDto)
  device?: DeviceDto;

  @IsOptional()
  @IsString()
  bankIdIssueDate?: string;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => StepUpDto)
  stepUp?: StepUpDto;

  @IsBase64()
  @MinLength(1)
  signature!: string;

  @IsOptional()
  @IsBase64()
  ocspResponse?: string;

  @IsOptional()
  @IsString()
  risk?: string;
}

/** The part of a collect's answer that decides what to do next; `completionData` is parsed after it was stored. */
export class CollectAnswerDto {
  @IsString()
  orderRef!: string;

  @IsIn(['pending', 'complete', 'failed'])
  status!: 'pending' | 'complete' | 'failed';

  /** Read where it decides something. */
  hintCode?: unknown;
}
