import { setTimeout } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { RangeVerifier } from '../../../crypto/tlog/range-proof.ts';
import { Database } from '../../../database/database.ts';
import {
  MAX_NUMBERS,
  type LedgerAbsence,
  type LedgerLine,
  type Omission,
} from '../../../evidence-files/ledger-lines.ts';
import { addMs, earlierOf, formatSwedishDay, SECOND_MS, type Clock } from '../../../kernel/clock.ts';
import { DomainError } from '../../../kernel/errors.ts';
import { Ledger, type CoveredRange } from '../../../ledger/ledger.ts';
import { exportFolder } from '../../../evidence-files/evidence-folder.ts';
import { CLOCK } from '../../../operations/clock.ts';
import type { ExportRequest } from '../../export-request.ts';
import {
  selectAuthorisedNumbers,
  selectNumberBefore,
  selectNumberedEvidence,
  selectUndatedAbove,
  selectUndatedBelow,
  type NumberedEvidence,
  type NumberRange,
} from './numbered-evidence.repository.ts';
import { omissionOf } from './omission.ts';

/** How long an export waits for numbers and for a head that has them. It is less than the lease of an order. */
const PATIENCE_MS = 55 * SECOND_MS;
const POLL_MS = 500;
/** So long after it was authorised, a payment is stored for certain, and can be seen. */
export const SETTLED_MS = 10 * SECOND_MS;
const RETRY_AFTER_SECONDS = 10;
const PAGE = 500;

/** The numbers that an export answers for, or why there are none. */
export type Answered =
  { readonly covered: CoveredRange; readonly settledBefore: Date } | { readonly absent: LedgerAbsence };

/** How many of the numbers are in an export, and how many are not, by reason. */
export interface AnsweredCounts {
  readonly exported: number;
  readonly omitted: Readonly<Partial<Record<Omission, number>>>;
}

/** Which numbers of a bank's ledger an export answers for, and what it says of each. */
@Injectable()
export class ExportLedger {
  constructor(
    private readonly database: Database,
    private readonly ledger: Ledger,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The numbers of an order: from the least to the greatest of evidence that authorised a consent of its bank in its period, of any
   * TPP and state, and those next to them of which nothing says from what time they are: lost ones, and those whose rows were removed.
   * For one consent, the number of its evidence alone.
   * Waits until all evidence of the period has its number, and a published head has the last.
   * @throws DomainError `ledger.unavailable` where that takes too long, or LEDGER_DIRECTORY cannot be read
   */
  async find(request: ExportRequest, patienceMs = PATIENCE_MS): Promise<Answered> {
    const { bank } = request;
    // What was authorised at this very moment counts as well.
    const settledBefore = earlierOf(request.to, addMs(this.clock.now(), 1));
    const until = performance.now() + patienceMs;
    for (;;) {
      const found = await this.#find(bank, request, settledBefore);
      if (found) return found;
      if (performance.now() + POLL_MS > until) throw new DomainError('ledger.unavailable', NOT_YET);
      await setTimeout(POLL_MS);
    }
  }

  /**
   * The lines of all numbers, in their order.
   * @returns when it has ended, the counts
   * @throws DomainError `ledger.unavailable` where the leaves are not those of the published head
   */
  async *lines(
    { covered, settledBefore }: Extract<Answered, { readonly covered: CoveredRange }>,
    request: ExportRequest,
  ): AsyncGenerator<LedgerLine, AnsweredCounts> {
    const { first, last, size, root, proof } = covered;
    const verifier = new RangeVerifier({ begin: first - 1, end: last, size }, proof);
    const omitted: Partial<Record<Omission, number>> = {};
    let exported = 0;
    for (let after = first - 1; after < last;) {
      const page = await selectNumberedEvidence(this.database, request, { after, last }, PAGE);
      if (page.length === 0) break;
      for (const numbered of page) {
        const { number, digest } = numbered;
        verifier.append(digest);
        const reason = omissionOf(numbered, request);
        if (reason !== undefined) omitted[reason] = (omitted[reason] ?? 0) + 1;
        else exported += 1;
        yield { number, digest, ...(reason === undefined ? { folder: folderOf(numbered) } : { omitted: reason }) };
        after = number;
      }
    }
    // A leaf that was removed or changed: no export is made that its reader would have to refuse.
    const isWhole = verifier.leadsTo(root) && !(await this.#hasOutside(covered, request, settledBefore));
    if (!isWhole) throw new DomainError('ledger.unavailable', DIFFERS);
    return { exported, omitted };
  }

  /** Whether evidence of the period that could be seen when the numbers were found has another number, or none. */
  async #hasOutside({ first, last }: NumberRange, request: ExportRequest, settledBefore: Date): Promise<boolean> {
    const to = addMs(settledBefore, -SETTLED_MS);
    if (to <= request.from) return false;
    const found = await selectAuthorisedNumbers(this.database, request.bank ?? '', { ...request, to }, to);
    return typeof found === 'string' || (found !== undefined && (found.first < first || found.last > last));
  }

  async #find(bank: string | undefined, request: ExportRequest, settledBefore: Date): Promise<Answered | undefined> {
    if (bank === undefined) {
      // Folders are named by their numbers all the same.
      const found = await selectAuthorisedNumbers(this.database, bank, request, settledBefore);
      return found === 'unnumbered' ? undefined : { absent: 'several-banks' };
    }
    const numbers = await this.#numbers(bank, request, settledBefore);
    if (numbers === 'unnumbered') return undefined;
    if (typeof numbers === 'string') return { absent: numbers };
    const covered = await this.ledger.findCoveredRange(bank, numbers.first, numbers.last);
    return covered === 'not-yet' ? undefined : { covered, settledBefore };
  }

  async #numbers(
    bank: string,
    request: ExportRequest,
    settledBefore: Date,
  ): Promise<NumberRange | LedgerAbsence | 'unnumbered'> {
    const found = await selectAuthorisedNumbers(this.database, bank, request, settledBefore);
    if (found === 'too-many') return 'too-many-numbers';
    if (found === 'unnumbered') return found;
    const numbers = request.consentId === undefined ? await this.#withUndated(bank, request, found) : found;
    if (!numbers) return 'nothing-authorised';
    return numbers.last - numbers.first >= MAX_NUMBERS ? 'too-many-numbers' : numbers;
  }

  async #withUndated(
    bank: string,
    { from }: ExportRequest,
    found: NumberRange | undefined,
  ): Promise<NumberRange | undefined> {
    if (found) {
      const below = await selectUndatedBelow(this.database, bank, found.first);
      const above = await selectUndatedAbove(this.database, bank, found.last);
      return { first: below ?? found.first, last: above ?? found.last };
    }
    const before = await selectNumberBefore(this.database, bank, from);
    const last = await selectUndatedAbove(this.database, bank, before);
    if (last === undefined) return undefined;
    return { first: (await selectUndatedBelow(this.database, bank, last)) ?? last, last };
  }
}

/** Where an export has the evidence of a number. */
function folderOf({ number, evidence }: NumberedEvidence): string {
  return evidence?.authorisedAt
    ? exportFolder(number, formatSwedishDay(evidence.authorisedAt), evidence.consentId)
    : '';
}

const NOT_YET = {
  detail: 'Evidence of the period has no number in the ledger yet, or no published head has it.',
  retryAfterSeconds: RETRY_AFTER_SECONDS,
};

const DIFFERS = {
  detail: 'The ledger of the database is not the published one, so that no export can answer for it.',
  log: 'an export was refused: the leaves of its numbers do not lead to the root of the published head; see sigill ledger fsck',
};
