import type { ConsentId } from '../kernel/ids.ts';
import type { Period } from '../audit/period.ts';
import { ExportRequestError, parseConsent, parsePeriod } from './export-request.ts';

/** The options of the command line. */
export interface AuditWords {
  readonly consent?: string | undefined;
  readonly verify?: boolean | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** A consent to read, or a period (or everything) to verify. */
export interface AuditRequest {
  readonly consentId: ConsentId | undefined;
  readonly period: Period | undefined;
}

/** @throws ExportRequestError */
export function parseAuditRequest({ consent, verify = false, from, to }: AuditWords): AuditRequest {
  if ((consent !== undefined) === verify) throw new ExportRequestError('give either a consent or --verify');
  if ((from === undefined) !== (to === undefined)) throw new ExportRequestError('--from and --to belong together');
  if (consent !== undefined && from !== undefined) throw new ExportRequestError('--from and --to need --verify');
  return {
    consentId: consent === undefined ? undefined : parseConsent(consent),
    period: from === undefined || to === undefined ? undefined : parsePeriod({ from, to }),
  };
}
