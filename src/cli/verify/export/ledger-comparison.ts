import { RangeVerifier } from '../../../crypto/tlog/range-proof.ts';
import type { LedgerFinding } from '../../../bundle/findings.ts';
import { judgeHead, type LedgerTrust } from '../../../bundle/judge-head.ts';
import type { ArchiveWarning, ArchiveWarningId } from '../../../evidence-files/file-messages.ts';
import {
  findLedgerLine,
  findLedgerRange,
  LEDGER_LINES,
  LEDGER_RANGE,
  type LedgerLine,
  type Omission,
} from '../../../evidence-files/ledger-lines.ts';
import { isJsonObject, type JsonObject } from '../../../kernel/json.ts';
import { judgeCompleteness, type Completeness } from './completeness.ts';
import type { ExportIndex } from './export-index.ts';
import { findLedgerSection, type LedgerSection } from './ledger-section.ts';

/** What an export says of the ledger, and what it holds. */
export interface ExportedLedger {
  readonly manifest: JsonObject;
  readonly lines: Buffer | undefined;
  readonly range: Buffer | undefined;
  /** By folder, the evidence digest in base64url; undefined where the folder is not what was signed, for which it is refused anyway. */
  readonly folders: ReadonlyMap<string, string | undefined>;
  readonly index: Pick<ExportIndex, 'hasNumber'> | undefined;
}

/** What came of the comparison. */
export interface ComparedLedger {
  readonly problems: readonly ArchiveWarning[];
  readonly ledger: LedgerFinding;
  readonly complete: Completeness;
}

const NONE: LedgerFinding = { state: 'none' };

/** Compares line by line what an export says of each number with its folders, and all lines with the checkpoint in its manifest. */
export async function compareLedger(exported: ExportedLedger, trust: LedgerTrust): Promise<ComparedLedger> {
  const { manifest, lines, range } = exported;
  const section = findLedgerSection(manifest);
  if (section === undefined) return unsound([{ id: 'manifest.ledger-malformed' }]);
  if (typeof section === 'string') {
    // Files that the manifest lists although it says that there is no ledger contradict it.
    const stray = [lines && LEDGER_LINES, range && LEDGER_RANGE].filter((file) => file !== undefined);
    const problems = stray.map((file) => ({ id: 'ledger.unexpected' as const, file }));
    if (section === 'several-banks' && isOfOneBank(manifest)) return unsound([{ id: 'manifest.ledger-malformed' }]);
    if (section === 'nothing-authorised' && exported.folders.size > 0)
      problems.push({ id: 'ledger.unexpected', file: section });
    const complete: Completeness = { state: 'exporters-word', because: [section] };
    return { problems, ledger: NONE, complete: problems.length > 0 ? { state: 'unsound' } : complete };
  }
  const comparison = new LedgerComparison(section, exported);
  const { problems, isRooted, isCompared } = comparison.run();
  const leaf = { number: section.last, timestamp: { state: 'none' } } as const;
  const ledger: LedgerFinding = isRooted
    ? await judgeHead(section.head, leaf, trust)
    : { state: 'unsound', reason: 'proof' };
  if (problems.length > 0 || ledger.state === 'unsound') return { problems, ledger, complete: { state: 'unsound' } };
  const { first, last, exported: count, omitted } = section;
  const numbers = { first, last, exported: count, omitted };
  const complete = judgeCompleteness(numbers, { isTrusted: ledger.state === 'proved', isCompared });
  return { problems, ledger, complete };
}

/** One comparison. */
class LedgerComparison {
  readonly #problems: ArchiveWarning[] = [];
  readonly #named = new Set<string>();
  readonly #omitted: Partial<Record<Omission, number>> = {};
  #exported = 0;
  /** The number that must come next. */
  #next: number;

  constructor(
    private readonly section: LedgerSection,
    private readonly exported: ExportedLedger,
  ) {
    this.#next = section.first;
  }

  run(): {
    readonly problems: readonly ArchiveWarning[];
    readonly isRooted: boolean;
    /** Whether all evidence was compared with its number. */
    readonly isCompared: boolean;
  } {
    const verifier = this.#verifier();
    for (const line of this.#lines()) {
      this.#compareNumber(line.number);
      verifier?.append(line.digest);
      if ('folder' in line) this.#compareFolder(line, line.folder);
      else this.#compareReason(line.number, line.omitted);
    }
    this.#nameMissing(this.section.last + 1);
    for (const folder of this.exported.folders.keys())
      if (!this.#named.has(folder)) this.#problem('ledger.folder-unlisted', folder);
    if (!this.#areCounts()) this.#problem('manifest.ledger-differs');
    const isRooted = verifier?.leadsTo(this.section.head.root) === true;
    if (verifier && !isRooted) this.#problem('ledger.root-differs');
    const isCompared = [...this.exported.folders.values()].every((digest) => digest !== undefined);
    return { problems: this.#problems, isRooted, isCompared };
  }

  #verifier(): RangeVerifier | undefined {
    const { first, last, head } = this.section;
    const found = this.exported.range && findLedgerRange(this.exported.range);
    if (!found) {
      this.#problem(this.exported.range ? 'ledger.malformed' : 'ledger.missing', LEDGER_RANGE);
      return undefined;
    }
    const { begin, end, size } = found.range;
    if (begin !== first - 1 || end !== last || size !== head.size)
      this.#problem('manifest.ledger-differs', LEDGER_RANGE);
    return new RangeVerifier(found.range, found.proof);
  }

  /** Up to the first that is not as Sigill writes it. */
  *#lines(): Generator<LedgerLine> {
    const bytes = this.exported.lines;
    if (!bytes) {
      this.#problem('ledger.missing', LEDGER_LINES);
      return;
    }
    for (let at = 0, count = 1; at < bytes.length; count += 1) {
      const end = bytes.indexOf('\n', at);
      const line = end === -1 ? undefined : findLedgerLine(bytes.toString('utf8', at, end));
      if (!line) {
        this.#problem('ledger.malformed', `${LEDGER_LINES} ${count}`);
        return;
      }
      yield line;
      at = end + 1;
    }
  }

  #compareNumber(number: number): void {
    if (number < this.section.first || number > this.section.last)
      this.#problem('ledger.number-outside', String(number));
    else if (number < this.#next) this.#problem('ledger.number-twice', String(number));
    else {
      this.#nameMissing(number);
      this.#next = number + 1;
    }
  }

  /** Names the numbers before this one that have no line. */
  #nameMissing(number: number): void {
    const [first, last] = [this.#next, number - 1];
    if (first <= last) this.#problem('ledger.number-missing', first === last ? `${last}` : `${first}-${last}`);
  }

  #compareFolder({ number, digest }: LedgerLine, folder: string): void {
    this.#exported += 1;
    if (this.#named.has(folder)) this.#problem('ledger.folder-twice', folder);
    this.#named.add(folder);
    if (!this.exported.folders.has(folder)) {
      this.#problem('ledger.folder-missing', folder);
      return;
    }
    const { folders, index } = this.exported;
    if (Number.parseInt(folder, 10) !== number) this.#problem('folder.name-differs', `${folder} (${number})`);
    if (index?.hasNumber(folder, number) === false) this.#problem('index.row-differs', `${folder} (ledger_number)`);
    const found = folders.get(folder);
    if (found !== undefined && found !== digest.toString('base64url'))
      this.#problem('ledger.digest-differs', `${folder} (${number})`);
  }

  #compareReason(number: number, reason: Omission): void {
    this.#omitted[reason] = (this.#omitted[reason] ?? 0) + 1;
    if (!mayOmit(reason, this.exported.manifest['filter']))
      this.#problem('ledger.reason-differs', `${number} (${reason})`);
  }

  #areCounts(): boolean {
    const { exported, omitted } = this.section;
    const reasons = new Set([...Object.keys(omitted), ...Object.keys(this.#omitted)] as Omission[]);
    return exported === this.#exported && [...reasons].every((reason) => omitted[reason] === this.#omitted[reason]);
  }

  #problem(id: ArchiveWarningId, file?: string): void {
    this.#problems.push(file === undefined ? { id } : { id, file });
  }
}

/** Whether the order of an export lets evidence be omitted for this reason. */
function mayOmit(reason: Omission, filter: unknown): boolean {
  if (!isJsonObject(filter)) return false;
  const { tpp, states, consent, reference = null, payer = false } = filter;
  if (reason === 'other-tpp') return typeof tpp === 'string';
  if (reason === 'other-state') return Array.isArray(states) && !states.includes('signed');
  return reason !== 'not-named' || typeof consent === 'string' || reference !== null || payer !== false;
}

function isOfOneBank({ filter }: JsonObject): boolean {
  return isJsonObject(filter) && typeof filter['bank'] === 'string';
}

function unsound(problems: readonly ArchiveWarning[]): ComparedLedger {
  return { problems, ledger: NONE, complete: { state: 'unsound' } };
}
