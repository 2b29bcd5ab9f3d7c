/** One per installation, written into the database at its first migration and into every piece of evidence. */
export type Environment = 'sandbox' | 'bankid-test' | 'production';

export const environments: readonly Environment[] = ['sandbox', 'bankid-test', 'production'];

export function isEnvironment(value: string): value is Environment {
  return (environments as readonly string[]).includes(value);
}
