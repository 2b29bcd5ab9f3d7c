/** `consentSubject` (kernel) in SQL, for a row with the columns of a consent. */
export function subjectOf(row: string): string {
  return `'consent:' || ${row}.bank || ':' || ${row}.id`;
}
