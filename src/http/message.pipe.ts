import { ValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { DomainError } from '../kernel/errors.ts';
import { isJsonObject } from '../kernel/json.ts';

/**
 * Validates bodies and queries against the class of their parameter, and passes on an instance of it. Nothing is converted:
 * `"1"` is not a number. A refused member is named by its pointer, and its value never quoted.
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
    // The library would treat null as an object without members, and validate each item of an array.
    if (metadata.type === 'body' && !isJsonObject(value)) throw malformed('');
    return super.transform(value, metadata) as Promise<unknown>;
  }
}

/** @param pointer the member that is missing, unknown or malformed (RFC 6901) */
export function malformed(pointer: string): DomainError {
  return new DomainError('request.malformed', {
    pointer,
    detail: 'This member is missing, unknown or malformed.',
  });
}

function pointerOf(fault: ValidationError): string {
  const own = `/${fault.property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const inner = fault.children?.[0];
  return inner ? `${own}${pointerOf(inner)}` : own;
}
