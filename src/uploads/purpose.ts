import { DomainError } from '../kernel/errors.ts';

/** Why evidence is read. A closed list, because a free text would bring personal data into the audit trail. */
export const readingPurposes = [
  'payment-execution',
  'payment-investigation',
  'dispute',
  'complaint',
  'fraud-investigation',
  'authority-request',
  'legal-proceedings',
  'audit',
] as const;

export type ReadingPurpose = (typeof readingPurposes)[number];

export const PURPOSE_HEADER = 'Sigill-Purpose';

/** @throws DomainError `caller.purpose-required` unless `value` is exactly one of {@link readingPurposes} */
export function parseReadingPurpose(value: unknown): ReadingPurpose {
  const purpose = readingPurposes.find((known) => known === value);
  if (purpose === undefined) {
    throw new DomainError('caller.purpose-required', {
      detail: `The header ${PURPOSE_HEADER} must be one of: ${readingPurposes.join(', ')}.`,
    });
  }
  return purpose;
}
