import { formatInstant } from '../../kernel/clock.ts';
import type { JsonObject, JsonValue } from '../../kernel/json.ts';
import type { Cursor } from '../export/authorised-consent.repository.ts';
import type { ExportRequest } from '../export-request.ts';
import type { Named } from './export-names.ts';
import type { ReadingPurpose } from '../../uploads/purpose.ts';
import { statementOf, type Statement } from '../identity/statement.ts';
import type { SavedFiles } from './result/attempt-files.ts';

export const exportStates = [
  'awaiting-approval',
  'waiting',
  'running',
  'ready',
  'failed',
  'expired',
  'deleted',
] as const;
export type ExportState = (typeof exportStates)[number];
/** An order that has not ended. */
export const openStates: readonly ExportState[] = ['awaiting-approval', 'waiting', 'running'];

/**
 * Why there is no result: the disk is full; the folder cannot be written; evidence was erased that was in it; this installation
 * seals nothing; five attempts in a row came no further; what was approved is not this order.
 */
export const exportFailures = ['full', 'unwritable', 'erased', 'unsealable', 'gave-up', 'unapproved'] as const;
export type ExportFailure = (typeof exportFailures)[number];

export const exportNames = ['payer', 'paymentReference'] as const;
export type ExportName = (typeof exportNames)[number];

/** What is ordered. */
export interface OrderedExport extends Pick<
  ExportRequest,
  'from' | 'to' | 'days' | 'tpp' | 'consentId' | 'format' | 'requestedBy'
> {
  readonly bank: string;
  /** What is named besides, and stored sealed alone. */
  readonly names: readonly ExportName[];
  /** Whether each consent has its receipt. */
  readonly receipts: boolean;
  readonly purpose: ReadingPurpose;
  /** Of the case for which it is ordered, in the bank's own words. */
  readonly caseReference: string | undefined;
}

/** An order, and how far it has come. */
export interface ExportOrder extends OrderedExport {
  readonly exportId: string;
  readonly orderedAt: Date;
  readonly state: ExportState;
  readonly failure: ExportFailure | undefined;
  /** How many consents there were when it was ordered, and how many of them are done; of these, how many were erased. */
  readonly expected: number;
  readonly consents: number;
  readonly erased: number;
  readonly attempt: number;
  /** Of the result in octets; undefined before it is ready. */
  readonly size: number | undefined;
  readonly sha256: Buffer | undefined;
  readonly endedAt: Date | undefined;
}

/** An order that this instance works on until its lease ends. */
export interface ClaimedOrder extends ExportOrder {
  /** {@link Named}, sealed under the key of the export; undefined where nothing is named. */
  readonly namesSealed: Buffer | undefined;
  readonly saved: Saved | undefined;
}

/** What an attempt before has saved, and in whose files it is. */
interface Saved extends SavedFiles {
  /** The last consent that is in the result. */
  readonly after: Cursor;
}

/** What is done after a page. */
export interface Progress extends Omit<Saved, 'attempt'> {
  readonly consents: number;
  readonly erased: number;
}

/** As the exporter and its statements take an order. */
export function requestOf(order: OrderedExport, named: Named): ExportRequest {
  const { from, to, days, tpp, bank, consentId, format, receipts, requestedBy, purpose, caseReference } = order;
  const what = { ...named, states: ['signed'] as const, format, receipts, isBreakGlass: false };
  return { from, to, days, tpp, bank, consentId, ...what, requestedBy, purpose, caseReference };
}

/** All that is ordered: an order with a member that is not here does not compile, for its approver would not know of it. */
type OrderFacts = Readonly<Record<keyof Omit<OrderedExport, 'bank' | 'requestedBy'>, JsonValue>>;

/** What was ordered, and why: for the chain of the export, and for those who approve it. */
export function factsOf(order: OrderedExport, expected: number): JsonObject {
  const { format, from, to, days, tpp, consentId, names, receipts, purpose, caseReference } = order;
  const facts: OrderFacts = {
    format,
    from: formatInstant(from),
    to: formatInstant(to),
    days: days ? { first: days.first, last: days.last } : null,
    tpp: tpp ?? null,
    consentId: consentId ?? null,
    names: [...names],
    receipts,
    purpose,
    caseReference: caseReference ?? null,
  };
  return { ...facts, expected };
}

/**
 * What an approver signs: the order as it is stored, with the SHA-256 (hexadecimal) of the id_token of the person who orders, if one is
 * named. Its hash is the nonce of the approver's id_token.
 */
export function approvalStatement(order: ExportOrder, requesterToken: Buffer | undefined): Statement {
  const { exportId, bank, requestedBy, orderedAt, expected } = order;
  return statementOf({
    type: 'sigill-export-approval',
    v: 1,
    exportId,
    bank,
    requestedBy,
    requesterTokenSha256: requesterToken?.toString('hex') ?? null,
    orderedAt: formatInstant(orderedAt),
    ...factsOf(order, expected),
  });
}
