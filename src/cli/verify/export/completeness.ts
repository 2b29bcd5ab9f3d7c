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
 *   is omitted but erased and lost ones;
 * - `exporters-word`: it says so. `because` is what the reader must believe: why numbers are omitted, that the checkpoint is of the only
 *   history, or that there are no numbers;
 * - `unsound`: what it says is contradicted by what it holds.
 */
export type Completeness =
  | ({ readonly state: 'proved' } & AnsweredNumbers)
  | ({ readonly state: 'exporters-word'; readonly because: readonly ('omitted' | 'checkpoint')[] } & AnsweredNumbers)
  | { readonly state: 'exporters-word'; readonly because: readonly [LedgerAbsence] }
  | { readonly state: 'unsound' };

/** What may be omitted from what is complete: the service no longer has it. */
const gone: readonly Omission[] = ['erased', 'lost'];

/** @param isTrusted whether the checkpoint agrees with one that the reader kept */
export function judgeCompleteness(numbers: AnsweredNumbers, isTrusted: boolean): Completeness {
  const isOmitted = Object.keys(numbers.omitted).some((reason) => !gone.some((each) => each === reason));
  const because = [...(isOmitted ? (['omitted'] as const) : []), ...(isTrusted ? [] : (['checkpoint'] as const))];
  return because.length === 0 ? { state: 'proved', ...numbers } : { state: 'exporters-word', because, ...numbers };
}
