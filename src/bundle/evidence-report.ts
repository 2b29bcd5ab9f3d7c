import type { Report } from '../verification/report.ts';
import type { Findings } from './findings.ts';

/** Names of what the verifier trusts besides BankID's root, so that a reader knows what the findings rest on. */
export interface TrustedIssuers {
  /** Subjects of the certificates that may have issued a seal's. */
  readonly seals: readonly string[];
  /** Subjects of the certificates that may have issued a timestamp authority's. */
  readonly timestamps: readonly string[];
  /** Names of the keys that may have signed a checkpoint. */
  readonly ledgers: readonly string[];
}

export const trustsNone: TrustedIssuers = { seals: [], timestamps: [], ledgers: [] };

/** The verdict on a signature, and what was found around it: the JSON document of `sigill verify` and `POST /evidence/verify`. */
export interface EvidenceReport extends Report, Findings {
  readonly trusted: TrustedIssuers;
}
