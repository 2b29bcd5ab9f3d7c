/** One per installation; the first migration writes it into the database, and all evidence names it. */
export type Environment = 'sandbox' | 'bankid-test' | 'production';

export const environments: readonly Environment[] = ['sandbox', 'bankid-test', 'production'];

export function isEnvironment(value: string): value is Environment {
  return (environments as readonly string[]).includes(value);
}
