import { canonicalJson } from '../../crypto/json/canonical-json.ts';
import { formatInstant } from '../../kernel/clock.ts';
import type { Environment } from '../../kernel/environment.ts';
import { formatAmount, type Currency, type Money } from '../../payment/money.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { SOFTWARE_VERSION } from '../../kernel/version.ts';
import type { ExportRequest } from '../export-request.ts';
import type { Answered, AnsweredCounts } from './ledger/export-ledger.ts';
import type { ExportFacts } from './readme/facts.ts';

/** What an export is made of, besides what was asked for. */
export interface ExportGround {
  readonly environment: Environment;
  readonly answered: Answered;
}

/** Of the consents of an export that are in one state. */
interface StateTotals {
  count: number;
  readonly sums: Sums;
}

/** Amounts, added up by currency. */
class Sums {
  readonly #byCurrency = new Map<Currency, bigint>();

  add({ currency, amountMinor }: Money): void {
    this.#byCurrency.set(currency, (this.#byCurrency.get(currency) ?? 0n) + amountMinor);
  }

  all(): readonly Money[] {
    return [...this.#byCurrency].map(([currency, amountMinor]) => ({ currency, amountMinor }));
  }
}

/** The manifest of an export: how much it holds, and the sums of the lists that name all of it. It is sealed at the end. */
export class Manifest {
  readonly #files = new Map<string, string>();
  readonly #sums = new Sums();
  readonly #states = new Map<string, StateTotals>();
  #count = 0;
  #erased = 0;
  #numbers: AnsweredCounts = { exported: 0, omitted: {} };

  constructor(
    private readonly exportId: string,
    private readonly ground: ExportGround,
    readonly request: ExportRequest,
    private readonly at: Date,
  ) {}

  /** A file beside the folders; these stand in a list of their own. */
  addFile(path: string, sha256: string): void {
    this.#files.set(path, sha256);
  }

  /** @param state in which the consent is now */
  addConsent(amount: Money, state: string): void {
    const totals = this.#states.get(state) ?? { count: 0, sums: new Sums() };
    this.#count += 1;
    this.#sums.add(amount);
    totals.count += 1;
    totals.sums.add(amount);
    this.#states.set(state, totals);
  }

  /** A consent of the period whose evidence was erased at the end of its retention. */
  addErased(): void {
    this.#erased += 1;
  }

  /** @throws Error where they are not those of the consents that were added */
  addNumbers(numbers: AnsweredCounts): void {
    if (numbers.exported !== this.#count || (numbers.omitted.erased ?? 0) < this.#erased)
      throw new Error('the numbers of an export are not those of its consents');
    this.#numbers = numbers;
  }

  get answered(): Answered {
    return this.ground.answered;
  }

  /** Whether evidence of this number is in the export. One of a period that has not ended may have come after it began. */
  answersFor(number: number | undefined): boolean {
    const { answered } = this.ground;
    if ('absent' in answered) return answered.absent !== 'nothing-authorised';
    const { first, last } = answered.covered;
    return number !== undefined && number >= first && number <= last;
  }

  get count(): number {
    return this.#count;
  }

  get erased(): number {
    return this.#erased;
  }

  sums(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#sums.all().map((sum) => [sum.currency, formatAmount(sum)]));
  }

  /** The same for people. */
  facts(): ExportFacts {
    const { from, to, tpp, bank, consentId, purpose, requestedBy } = this.request;
    return {
      exportId: this.exportId,
      environment: this.ground.environment,
      softwareVersion: SOFTWARE_VERSION,
      format: 'folders',
      purpose,
      caseReference: undefined,
      requestedBy,
      orderedAt: undefined,
      at: this.at,
      approval: undefined,
      breakGlassCase: undefined,
      filter: {
        ...{ from, to, tpp, bank },
        days: undefined,
        consent: consentId,
        reference: undefined,
        payer: false,
        states: [],
      },
      count: this.#count,
      erased: this.#erased,
      sums: this.#sums.all(),
      states: [...this.#states].map(([state, { count, sums }]) => ({ state, count, sums: sums.all() })),
      ledger: this.#ledgerFacts(),
    };
  }

  /** RFC 8785 JSON in UTF-8. */
  toBytes(): Buffer {
    const { from, to, tpp, bank, consentId, purpose, requestedBy } = this.request;
    const filter = {
      from: formatInstant(from),
      to: formatInstant(to),
      tpp: tpp ?? null,
      bank: bank ?? null,
      consent: consentId ?? null,
    };
    return Buffer.from(
      canonicalJson({
        v: 1,
        type: 'sigill-export',
        exportId: this.exportId,
        environment: this.ground.environment,
        softwareVersion: SOFTWARE_VERSION,
        purpose,
        filter,
        requestedBy,
        at: formatInstant(this.at),
        count: this.#count,
        erased: this.#erased,
        sums: this.sums(),
        files: Object.fromEntries(this.#files),
        ...this.#ledger(),
      }),
      'utf8',
    );
  }

  #ledgerFacts(): ExportFacts['ledger'] {
    const { answered } = this.ground;
    return 'absent' in answered ? undefined : { ...answered.covered, ...this.#numbers };
  }

  /** The numbers that the export answers for, and the head that has them; or why there are none. */
  #ledger(): JsonObject {
    const { answered } = this.ground;
    if ('absent' in answered) return { ledger: null, noLedger: answered.absent };
    const { origin, key, first, last, size, root, checkpoint } = answered.covered;
    const head = { origin, key, size, root: root.toString('base64'), checkpoint };
    const { exported, omitted } = this.#numbers;
    return { ledger: { ...head, first, last, exported, omitted: { ...omitted } }, noLedger: null };
  }
}
