import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { PURPOSE_HEADER, parseReadingPurpose, type ReadingPurpose } from './purpose.ts';

interface RequestWithHeaders {
  readonly headers: Readonly<Record<string, unknown>>;
}

/** The purpose that the caller states in the header `Sigill-Purpose`. */
export const StatedPurpose = createParamDecorator((_: unknown, context: ExecutionContext): ReadingPurpose =>
  parseReadingPurpose(context.switchToHttp().getRequest<RequestWithHeaders>().headers[PURPOSE_HEADER.toLowerCase()]),
);
