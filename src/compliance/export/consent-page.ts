import type { Database } from '../../database/database.ts';
import type { LockedEvidence } from '../../evidence/evidence.ts';
import type { EvidenceStore } from '../../evidence/evidence-store.ts';
import type { ExportRequest } from '../export-request.ts';
import { selectAuthorisedConsents, type AuthorisedConsent, type Cursor } from './authorised-consent.repository.ts';

/** Consents that are read together, and whose events are committed together. */
const PAGE = 64;

/** A consent of a page. */
export interface FoundConsent {
  readonly consent: AuthorisedConsent;
  /** Undefined if the data key was destroyed at the end of the retention period. */
  readonly locked: LockedEvidence | undefined;
}

/** The page after a consent; empty after the last. */
export async function readConsentPage(
  database: Database,
  store: EvidenceStore,
  request: ExportRequest,
  after: Cursor | undefined,
): Promise<readonly FoundConsent[]> {
  const consents = await selectAuthorisedConsents(database, request, after, PAGE);
  if (consents.length === 0) return [];
  const locked = await store.findLocked(database, consents);
  return consents.map((consent, n) => ({ consent, locked: locked[n] }));
}
