import type { ConsentId } from '../kernel/ids.ts';
import type { Period } from '../audit/period.ts';
import { ExportRequestError, parseConsent, parsePeriod } from './export-request.ts';

/** The options of the command line. */
export interface AuditWords {
  readonly consent?: string | undefined;
  readonly bank?: string | undefined;
  readonly verify?: boolean | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** A consent or a bank to read, or a period (or everything) to verify. */
export interface AuditRequest {
  readonly consentId: ConsentId | undefined;
  readonly bank: string | undefined;
  readonly period: Period | undefined;
}

/** @throws ExportRequestError */
export function parseAuditRequest({ consent, bank, verify = false, from, to }: AuditWords): AuditRequest {
  if ([consent !== undefined, bank !== undefined, verify].filter(Boolean).length !== 1)
    throw new ExportRequestError('give a consent, or --bank, or --verify');
  if ((from === undefined) !== (to === undefined)) throw new ExportRequestError('--from and --to belong together');
  if (!verify && from !== undefined) throw new ExportRequestError('--from and --to need --verify');
  return {
    bank,
    consentId: consent === undefined ? undefined : parseConsent(consent),
    period: from === undefined || to === undefined ? undefined : parsePeriod({ from, to }),
  };
}
