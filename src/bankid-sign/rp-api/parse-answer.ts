import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import { Secret } from '../../kernel/secret.ts';
import type { CompletionData } from '../sign-order.ts';
import { CollectAnswerDto, CompletionDataDto, DeviceAnswerDto, PhoneAnswerDto } from './answers.dto.ts';

/** What starts the BankID app. */
export interface StartSecrets {
  readonly autoStartToken: Secret;
  readonly qrStartToken: Secret;
  readonly qrStartSecret: Secret;
}

/** An order as BankID has just made it. */
export interface StartedOrder {
  readonly orderRef: string;
  /** Undefined for a phone order, which its person's app finds by itself. */
  readonly secrets: StartSecrets | undefined;
}

export type CollectAnswer =
  | { readonly status: 'pending'; readonly hintCode: string | undefined }
  | { readonly status: 'complete' }
  | { readonly status: 'failed'; readonly hintCode: string };

const HINT_CODE = /^[A-Za-z0-9_-]{1,100}$/;

/** Of /sign and /auth. @throws MalformedAnswer */
export function parseDeviceAnswer(body: JsonObject): StartedOrder {
  const { orderRef, autoStartToken, qrStartToken, qrStartSecret } = checked(DeviceAnswerDto, body);
  const secrets = {
    autoStartToken: new Secret(autoStartToken),
    qrStartToken: new Secret(qrStartToken),
    qrStartSecret: new Secret(qrStartSecret),
  };
  return { orderRef, secrets };
}

/** Of /phone/sign and /phone/auth. @throws MalformedAnswer */
export function parsePhoneAnswer(body: JsonObject): StartedOrder {
  return { orderRef: checked(PhoneAnswerDto, body).orderRef, secrets: undefined };
}

/**
 * Parses the answer to a collect, including unknown hint codes. A final answer is given once: only
 * its order and its status are read before it is stored.
 * @throws MalformedAnswer also if it is about another order
 */
export function parseCollectAnswer(body: JsonObject, orderRef: string): CollectAnswer {
  const answer = checked(CollectAnswerDto, body);
  if (answer.orderRef !== orderRef) throw new MalformedAnswer('orderRef is another one');
  switch (answer.status) {
    case 'pending':
      return { status: 'pending', hintCode: pendingHint(answer.hintCode) };
    case 'complete':
      return { status: 'complete' };
    case 'failed':
      return { status: 'failed', hintCode: isHintCode(answer.hintCode) ? answer.hintCode : 'unknown' };
  }
}

function pendingHint(hintCode: unknown): string | undefined {
  if (hintCode === undefined || isHintCode(hintCode)) return hintCode;
  throw new MalformedAnswer('hintCode');
}

function isHintCode(value: unknown): value is string {
  return typeof value === 'string' && HINT_CODE.test(value);
}

/** @throws MalformedAnswer if a member that the verification or the relay rule needs is missing or of another type */
export function parseCompletionData(body: JsonObject): CompletionData {
  if (!isJsonObject(body['completionData'])) throw new MalformedAnswer('completionData is missing');
  const { user, device, stepUp, ...data } = checked(CompletionDataDto, body['completionData']);
  return {
    user: { personalNumber: user.personalNumber, name: user.name, givenName: user.givenName, surname: user.surname },
    device: { ipAddress: device?.ipAddress ?? undefined, uhi: device?.uhi ?? undefined },
    bankIdIssueDate: data.bankIdIssueDate ?? undefined,
    stepUpMrtd: stepUp?.mrtd ?? undefined,
    signature: data.signature,
    ocspResponse: data.ocspResponse ?? undefined,
    risk: data.risk ?? undefined,
  };
}

/** An answer that does not have the API's form. The message names members, never values. */
export class MalformedAnswer extends Error {}

function checked<T extends object>(dto: new () => T, body: JsonObject): T {
  const answer = plainToInstance(dto, body);
  const faults = validateSync(answer, { forbidUnknownValues: false });
  if (faults.length > 0) throw new MalformedAnswer(faults.map((fault) => fault.property).join(', '));
  return answer;
}
