import type { Environment } from '../../../kernel/environment.ts';
import type { Money } from '../../../payment/money.ts';
import type { ExportFormat } from '../../export-request.ts';

/** What an export says of itself to a person who has nothing else: the facts of its manifest, and the states. */
export interface ExportFacts {
  readonly exportId: string;
  readonly environment: Environment;
  readonly softwareVersion: string;
  readonly format: ExportFormat;
  /** One of the closed list, or the words of an operator. */
  readonly purpose: string;
  readonly caseReference: string | undefined;
  readonly requestedBy: string;
  /** Undefined for an export without an order. */
  readonly orderedAt: Date | undefined;
  readonly at: Date;
  readonly approval: ApprovalFacts | undefined;
  /** The case for which an operator exported without an order and an approval. */
  readonly breakGlassCase: string | undefined;
  readonly filter: FilterFacts;
  readonly count: number;
  /** Consents of the period whose evidence was erased at the end of its retention. */
  readonly erased: number;
  readonly sums: readonly Money[];
  /** In the order in which they are shown. */
  readonly states: readonly StateFacts[];
  readonly ledger: LedgerFacts | undefined;
}

/** A second person's approval of the order. */
interface ApprovalFacts {
  /** Of the id_token by which it was given: the identity provider of the bank. */
  readonly issuer: string;
  readonly at: Date;
}

export interface FilterFacts {
  readonly from: Date;
  /** No longer in the period. */
  readonly to: Date;
  /** The days in Sweden that were named, if days were. */
  readonly days: { readonly first: string; readonly last: string } | undefined;
  readonly tpp: string | undefined;
  readonly bank: string | undefined;
  readonly consent: string | undefined;
  readonly reference: string | undefined;
  /** Whether a person was named; the number is not in the export's lists. */
  readonly payer: boolean;
  readonly states: readonly string[];
}

/** How many consents of the export are in a state, and their amounts. */
export interface StateFacts {
  readonly state: string;
  readonly count: number;
  readonly sums: readonly Money[];
}

/** Which numbers of the bank's ledger the export covers. */
export interface LedgerFacts {
  readonly first: number;
  readonly last: number;
  readonly exported: number;
  readonly omitted: Readonly<Record<string, number>>;
}
