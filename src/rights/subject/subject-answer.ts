import type { ReadingPurpose } from '../../uploads/purpose.ts';
import type { ConsentOfPerson } from './consents-of-person.repository.ts';

/** A consent as its person reads of it. */
export interface ConsentOfAnswer extends Omit<ConsentOfPerson, 'subject' | 'evidenceId'> {
  /** Readings of the evidence without their readers, and without those for an authority or an investigation of fraud. */
  readonly readings: readonly { readonly at: Date; readonly purpose: ReadingPurpose }[];
  /** What the person read and signed; undefined where another person signed, or none. */
  readonly signedText: string | undefined;
}

/** What one bank has of a person here (GDPR Art. 15). It is the same as long as nothing of that changes. */
export interface SubjectAnswer {
  readonly bank: { readonly id: string; readonly name: string };
  readonly caseReference: string;
  readonly consents: readonly ConsentOfAnswer[];
}
