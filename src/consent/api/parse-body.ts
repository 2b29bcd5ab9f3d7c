import { findPersonalNumber } from '../../kernel/personal-number.ts';
import { parseExecutedInitiation } from '../../payment/initiation.ts';
import { malformed } from '../../http/message.pipe.ts';
import type { ConsumeRequest, ExecutionReport } from '../consumption/consumption.ts';
import type { ConsumeRequestDto, ExecutionReportDto } from './consents.dto.ts';

/**
 * Checks what the schema of a call to consume cannot express: check digits, and the payment.
 * @throws DomainError `request.malformed` or `initiation.invalid`, with the pointer of the member at fault
 */
export function parseConsumeRequest(body: ConsumeRequestDto): ConsumeRequest {
  const payer = findPersonalNumber(body.payer.personalNumber);
  if (payer === undefined) throw malformed('/payer/personalNumber', 'The date or the check digit is wrong.');
  return {
    accessTokenSha256: Buffer.from(body.accessTokenSha256, 'base64url'),
    payment: parseExecutedInitiation(body.payment, '/payment'),
    payer,
    paymentReference: body.paymentReference,
  };
}

/** @throws DomainError `request.malformed` for a failure without a reason, and for a reason without a failure */
export function parseExecutionReport({ execution, reason }: ExecutionReportDto): ExecutionReport {
  if (execution === 'failed' && reason === undefined) throw malformed('/reason', 'A failure has a reason.');
  if (execution !== 'failed' && reason !== undefined) throw malformed('/reason', 'Only a failure has a reason.');
  return { execution, reason };
}
