import { ValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { DomainError } from '../kernel/errors.ts';
import { isJsonObject } from '../kernel/json.ts';

/**
 * Checks each body and each query against the class of its parameter, and hands over an object of that class. Nothing is converted:
 * `"1"` is no number. What is refused is named by its pointer, and never quoted.
 * @throws DomainError `request.malformed`
 */
export class MessagePipe extends ValidationPipe {
  constructor() {
    super({
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      stopAtFirstError: true,
      transform: true,
      exceptionFactory: ([fault]) => malformed(fault ? pointerOf(fault) : ''),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // The library would take null for an object without members, and check each item of an array.
    if (metadata.type === 'body' && !isJsonObject(value)) throw malformed('');
    return super.transform(value, metadata) as Promise<unknown>;
  }
}

/** @param pointer of the member that is missing, unknown or of another form (RFC 6901) */
export function malformed(pointer: string): DomainError {
  return new DomainError('request.malformed', {
    pointer,
    detail: 'This member is missing, unknown or of another form.',
  });
}

function pointerOf(fault: ValidationError): string {
  const own = `/${fault.property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const inner = fault.children?.[0];
  return inner ? `${own}${pointerOf(inner)}` : own;
}
