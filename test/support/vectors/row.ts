import type { Recipe } from './vector.ts';
import type { Changes } from './verify.ts';

/** What is wrong, the recipe, the verdict, the one check that refuses, and what else differs. */
export type Row = readonly [title: string, recipe: Recipe, verdict: string, check: string, changes?: Changes];

/** The verdicts of the table, by a short name. */
export const verdicts = {
  FORMAT: 'TOTAL-FAILED/FORMAT_FAILURE',
  HASH: 'TOTAL-FAILED/HASH_FAILURE',
  CRYPTO: 'TOTAL-FAILED/SIG_CRYPTO_FAILURE',
  NO_SIGNER: 'INDETERMINATE/NO_SIGNING_CERTIFICATE_FOUND',
  NO_CHAIN: 'INDETERMINATE/NO_CERTIFICATE_CHAIN_FOUND',
  BROKEN: 'INDETERMINATE/CERTIFICATE_CHAIN_GENERAL_FAILURE',
  FOREIGN: 'INDETERMINATE/CHAIN_CONSTRAINTS_FAILURE',
  WEAK: 'INDETERMINATE/CRYPTO_CONSTRAINTS_FAILURE',
  WEAK_OCSP: 'INDETERMINATE/CRYPTO_CONSTRAINTS_FAILURE_NO_POE',
  LATER: 'INDETERMINATE/TRY_LATER',
  OTHER: 'INDETERMINATE/SIG_CONSTRAINTS_FAILURE',
} as const;

/** A change that must find what it changes: a vector that changes nothing proves nothing. */
export const replace =
  (from: string, to: string) =>
  (xml: string): string => {
    if (!xml.includes(from)) throw new Error(`the vector has no ${from}`);
    return xml.replace(from, to);
  };

export const seconds = (from: Date, count: number): Date => new Date(from.getTime() + count * 1000);
