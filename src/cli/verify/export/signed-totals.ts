import type { ArchiveWarning } from '../../../evidence-files/file-messages.ts';
import { isJsonObject, type JsonObject } from '../../../kernel/json.ts';
import { formatAmount, type Currency, type Money } from '../../../payment/money.ts';

/** What the consents of an export come to, to be compared with its manifest. */
export class SignedTotals {
  readonly #amounts = new Map<Currency, bigint>();
  /** Of each the folder that was last. */
  readonly #environments = new Map<string, string>();
  #isWhole = true;

  add(folder: string, environment: string, { currency, amountMinor }: Money): void {
    this.#environments.set(environment, folder);
    this.#amounts.set(currency, (this.#amounts.get(currency) ?? 0n) + amountMinor);
  }

  /** The amount of one is unknown, so the sums are not compared: it is refused, or missing, for a reason that is named. */
  addUnknown(): void {
    this.#isWhole = false;
  }

  /** The differences. */
  compare({ environment, sums }: JsonObject): readonly ArchiveWarning[] {
    const others = [...this.#environments].filter(([each]) => each !== environment);
    const problems: ArchiveWarning[] = others.map(([, file]) => ({ id: 'manifest.environment-differs', file }));
    return this.#isWhole && !this.#isSumOf(sums) ? [...problems, { id: 'manifest.sums-differ' }] : problems;
  }

  #isSumOf(sums: unknown): boolean {
    if (!isJsonObject(sums) || Object.keys(sums).length !== this.#amounts.size) return false;
    return [...this.#amounts].every(
      ([currency, amountMinor]) => sums[currency] === formatAmount({ currency, amountMinor }),
    );
  }
}
