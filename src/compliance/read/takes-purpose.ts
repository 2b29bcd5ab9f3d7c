import { ApiHeader } from '@nestjs/swagger';
import { PURPOSE_HEADER, readingPurposes } from '../../uploads/purpose.ts';

/** The header in which the reader of evidence states the purpose. */
export const TakesPurpose = (): MethodDecorator =>
  ApiHeader({
    name: PURPOSE_HEADER,
    description: 'Why; recorded in the audit trail',
    required: true,
    schema: { type: 'string', enum: [...readingPurposes] },
    examples: { complaint: { value: 'complaint' } },
  });
