import type { LedgerAbsence, Omission } from '../../../evidence-files/ledger-lines.ts';

/** What an export says of the numbers of a ledger that it answers for. */
interface AnsweredNumbers {
  readonly first: number;
  readonly last: number;
  readonly exported: number;
  readonly omitted: Readonly<Partial<Record<Omission, number>>>;
}

/**
 * Whether an export is complete:
 * - `proved`: its ledger has no other numbers from the first to the last, by a checkpoint that agrees with a kept one, and none of them
 *   is omitted: no digest shows that evidence was erased or lost, so that an exporter could say so of any;
 * - `exporters-word`: it says so. `because` is what the reader must believe: why numbers are omitted, that the checkpoint is of the only
 *   history, that refused evidence is that of its number, or that there are no numbers;
 * - `unsound`: what it says is contradicted by what it holds.
 */
export type Completeness =
  | ({ readonly state: 'proved' } & AnsweredNumbers)
  | ({
      readonly state: 'exporters-word';
      readonly because: readonly ('omitted' | 'evidence' | 'checkpoint')[];
    } & AnsweredNumbers)
  | { readonly state: 'exporters-word'; readonly because: readonly [LedgerAbsence] }
  | { readonly state: 'unsound' };

/**
 * @param isTrusted whether the checkpoint agrees with one that the reader kept
 * @param isCompared whether all evidence was compared with its number
 */
export function judgeCompleteness(
  numbers: AnsweredNumbers,
  { isTrusted, isCompared }: { readonly isTrusted: boolean; readonly isCompared: boolean },
): Completeness {
  const because = [
    ...(Object.keys(numbers.omitted).length > 0 ? (['omitted'] as const) : []),
    ...(isCompared ? [] : (['evidence'] as const)),
    ...(isTrusted ? [] : (['checkpoint'] as const)),
  ];
  return because.length === 0 ? { state: 'proved', ...numbers } : { state: 'exporters-word', because, ...numbers };
}
