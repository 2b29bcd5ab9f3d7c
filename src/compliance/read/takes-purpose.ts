import { ApiHeader } from '@nestjs/swagger';
import { PURPOSE_HEADER, readingPurposes } from '../../uploads/purpose.ts';

/** The reader of evidence says why. */
export const TakesPurpose = (): MethodDecorator =>
  ApiHeader({
    name: PURPOSE_HEADER,
    description: 'Why; kept in the audit trail',
    required: true,
    schema: { type: 'string', enum: [...readingPurposes] },
    examples: { complaint: { value: 'complaint' } },
  });
