import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { DomainError } from '../../kernel/errors.ts';
import { isJsonObject } from '../../kernel/json.ts';
import { findPersonalNumber } from '../../kernel/personal-number.ts';
import { parseExecutedInitiation } from '../../payment/initiation.ts';
import type { ConsumeRequest, ExecutionReport } from '../consumption.ts';
import { ConsumeDto, ExecutionDto } from './consents.dto.ts';

/** @throws DomainError `request.malformed` or `initiation.invalid`, with the pointer of the member at fault */
export function parseConsumeRequest(body: unknown): ConsumeRequest {
  const checked = check(ConsumeDto, body);
  const payer = findPersonalNumber(checked.payer.personalNumber);
  if (payer === undefined) throw malformed('/payer/personalNumber');
  const accessTokenSha256 = Buffer.from(checked.accessTokenSha256, 'base64url');
  // 43 characters hold 258 bits: the last two must be zero, or one hash had four names.
  if (accessTokenSha256.toString('base64url') !== checked.accessTokenSha256) throw malformed('/accessTokenSha256');
  return {
    accessTokenSha256,
    payment: parseExecutedInitiation((body as Record<string, unknown>)['payment'], '/payment'),
    payer,
    paymentReference: checked.paymentReference,
  };
}

/** @throws DomainError `request.malformed` */
export function parseExecutionReport(body: unknown): ExecutionReport {
  const { execution, reason } = check(ExecutionDto, body);
  if ((execution === 'failed') !== (reason !== undefined)) throw malformed('/reason');
  return { execution, reason };
}

function check<T extends object>(dto: new () => T, body: unknown): T {
  if (!isJsonObject(body)) throw malformed('');
  const instance = plainToInstance(dto, body);
  const [fault] = validateSync(instance, { whitelist: true, forbidNonWhitelisted: true, stopAtFirstError: true });
  if (fault) throw malformed(pointerOf(fault));
  return instance;
}

function pointerOf(fault: ValidationError): string {
  const own = `/${fault.property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const inner = fault.children?.[0];
  return inner ? `${own}${pointerOf(inner)}` : own;
}

function malformed(pointer: string): DomainError {
  return new DomainError('request.malformed', {
    pointer,
    detail: 'This member is missing, unknown or of another form.',
  });
}
