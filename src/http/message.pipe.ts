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
      transform: true,
      exceptionFactory: ([fault]) => refused(fault),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // The library would treat null as an object without members, and validate each item of an array.
    if (metadata.type === 'body' && !isJsonObject(value)) throw malformed('', 'The body is not a JSON object.');
    return super.transform(value, metadata) as Promise<unknown>;
  }
}

/**
 * @param pointer the member at fault (RFC 6901)
 * @param detail what is wrong with it
 */
export function malformed(pointer: string, detail: string): DomainError {
  return new DomainError('request.malformed', { pointer, detail });
}

/** The first member at fault, innermost. */
function refused(fault: ValidationError | undefined, parent = ''): DomainError {
  if (!fault) return malformed(parent, OTHER);
  const pointer = `${parent}/${fault.property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const [inner] = fault.children ?? [];
  return inner ? refused(inner, pointer) : malformed(pointer, sentenceOf(fault));
}

function sentenceOf({ value, constraints = {} }: ValidationError): string {
  if (constraints['whitelistValidation'] !== undefined) return 'This member is unknown.';
  if (value === undefined) return 'This member is missing.';
  const first = Object.keys(sentences).find((name) => constraints[name] !== undefined);
  return (first !== undefined && sentences[first]?.(constraints[first] ?? '')) || OTHER;
}

const OTHER = 'This member does not have the form that the API description at /docs gives.';

/** By the name of the check, in the order in which they count; the library's message names the permitted values, and never the value. */
const sentences: Readonly<Record<string, (message: string) => string>> = {
  isString: () => 'A text is expected here.',
  isInt: () => 'A whole number is expected here.',
  isBoolean: () => 'true or false is expected here.',
  isArray: () => 'A list is expected here.',
  isObject: () => 'An object is expected here.',
  nestedValidation: () => 'An object is expected here.',
  isIn: (message) => `One of these is expected here: ${message.split('values: ').at(-1) ?? ''}.`,
  hasLength: () => 'This text is empty or too long.',
};
