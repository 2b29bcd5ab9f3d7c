import type { Omission } from '../../../evidence-files/ledger-lines.ts';
import type { ExportRequest } from '../../export-request.ts';
import type { NumberedEvidence } from './numbered-evidence.repository.ts';

/** What of an order decides whether evidence is in its export. */
export type Order = Pick<ExportRequest, 'from' | 'to' | 'tpp' | 'consentId'>;

/**
 * Why the evidence of a number is not in an export; undefined where it is. Of several reasons, the first that does not depend on the
 * order.
 * @throws Error for accepted evidence without its authorisation: nothing says of which time it is
 */
export function omissionOf({ number, evidence }: NumberedEvidence, order: Order): Omission | undefined {
  if (!evidence) return 'lost';
  const { kind, tpp, consentId, authorisedAt, isNamed, isReadable } = evidence;
  if (kind !== 'accepted') return kind;
  if (!authorisedAt) throw new Error(`the evidence of number ${number} has lost its authorisation`);
  if (authorisedAt < order.from || authorisedAt >= order.to) return 'outside-period';
  if (order.tpp !== undefined && tpp !== order.tpp) return 'other-tpp';
  if (order.consentId !== undefined && consentId !== order.consentId) return 'not-named';
  // Of erased evidence nothing says whose it was.
  if (!isReadable) return 'erased';
  return isNamed ? undefined : 'not-named';
}
