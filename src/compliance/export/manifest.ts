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
  /** Undefined for an export without an order. */
  readonly orderedAt: Date | undefined;
  /** When it is made. */
  readonly at: Date;
  readonly approval: ExportApproval | undefined;
}

/** A second person's approval, without a name. The id_tokens are kept by the service, for a court. */
export interface ExportApproval {
  readonly issuer: string;
  readonly at: Date;
  /** Hexadecimal, as the next one. */
  readonly idTokenSha256: string;
  /** Undefined where the order names no person. */
  readonly requesterTokenSha256: string | undefined;
  /** What the approver signed, in RFC 8785 JSON: the nonce of the id_token is its SHA-256. */
  readonly statement: string;
}

interface ManifestCounts {
  readonly count: number;
  readonly erased: number;
  readonly minor: MinorUnits;
  readonly states: readonly { readonly state: string; readonly count: number; readonly minor: MinorUnits }[];
}

/** Amounts by currency, in its minor units. */
type MinorUnits = Readonly<Record<string, string>>;

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

  minor(): MinorUnits {
    const amounts = [...this.#byCurrency].map(([currency, amountMinor]) => [currency, String(amountMinor)]);
    return Object.fromEntries(amounts) as MinorUnits;
  }

  static of(minor: MinorUnits): Sums {
    const sums = new Sums();
    for (const [currency, amount] of Object.entries(minor))
      sums.add({ currency: currency as Currency, amountMinor: BigInt(amount) });
    return sums;
  }

  all(): readonly Money[] {
    return [...this.#byCurrency].map(([currency, amountMinor]) => ({ currency, amountMinor }));
  }
}

/** The manifest of an export: how much it holds, and the sums of the lists that name all of it. It is sealed at the end. */
export class Manifest {
  readonly #files = new Map<string, string>();
  #sums = new Sums();
  readonly #states = new Map<string, StateTotals>();
  #count = 0;
  #erased = 0;
  #numbers: AnsweredCounts = { exported: 0, omitted: {} };

  constructor(
    private readonly exportId: string,
    private readonly ground: ExportGround,
    readonly request: ExportRequest,
  ) {}

  /** A file beside the folders; these stand in a list of their own. */
  addFile(path: string, sha256: string): void {
    this.#files.set(path, sha256);
  }

  /** Of the files that were added. */
  paths(): readonly string[] {
    return [...this.#files.keys()];
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

  /** How far it has come, for one who goes on with it. */
  counts(): ManifestCounts {
    const states = [...this.#states].map(([state, { count, sums }]) => ({ state, count, minor: sums.minor() }));
    return { count: this.#count, erased: this.#erased, minor: this.#sums.minor(), states };
  }

  /** @param bytes what {@link counts} said, as JSON */
  restore(bytes: Buffer): void {
    const { count, erased, minor, states } = JSON.parse(bytes.toString('utf8')) as ManifestCounts;
    this.#count = count;
    this.#erased = erased;
    this.#sums = Sums.of(minor);
    for (const one of states) this.#states.set(one.state, { count: one.count, sums: Sums.of(one.minor) });
  }

  sums(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#sums.all().map((sum) => [sum.currency, formatAmount(sum)]));
  }

  /** The same for people. */
  facts(): ExportFacts {
    const { format, purpose, caseReference, isBreakGlass, requestedBy, consentId, payer, ...filter } = this.request;
    const { from, to, days, tpp, bank, reference, states } = filter;
    return {
      exportId: this.exportId,
      environment: this.ground.environment,
      softwareVersion: SOFTWARE_VERSION,
      format,
      purpose,
      caseReference,
      requestedBy,
      orderedAt: this.ground.orderedAt,
      at: this.ground.at,
      approval: this.ground.approval,
      breakGlassCase: isBreakGlass ? caseReference : undefined,
      filter: {
        ...{ from, to, days, tpp, bank, reference, states },
        consent: consentId,
        payer: payer !== undefined,
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
    const { format, purpose, caseReference, isBreakGlass, requestedBy } = this.request;
    return Buffer.from(
      canonicalJson({
        v: 2,
        type: 'sigill-export',
        exportId: this.exportId,
        environment: this.ground.environment,
        softwareVersion: SOFTWARE_VERSION,
        format,
        purpose,
        caseReference: caseReference ?? null,
        filter: filterOf(this.request),
        requestedBy,
        orderedAt: formatInstant(this.ground.orderedAt ?? this.ground.at),
        at: formatInstant(this.ground.at),
        approval: approvalOf(this.ground.approval),
        breakGlass: isBreakGlass ? { case: caseReference ?? null } : null,
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

function approvalOf(approval: ExportApproval | undefined): JsonObject | null {
  if (!approval) return null;
  const { at, requesterTokenSha256, ...facts } = approval;
  return { method: 'id-token', ...facts, at: formatInstant(at), requesterTokenSha256: requesterTokenSha256 ?? null };
}

/** The payer's number is in no manifest: only that one was named. */
function filterOf({ from, to, days, tpp, bank, consentId, reference, payer, states }: ExportRequest): JsonObject {
  return {
    from: formatInstant(from),
    to: formatInstant(to),
    days: days ? { first: days.first, last: days.last } : null,
    tpp: tpp ?? null,
    bank: bank ?? null,
    consent: consentId ?? null,
    reference: reference ?? null,
    payer: payer !== undefined,
    states: [...states],
  };
}
