import { isDeepStrictEqual } from 'node:util';
import type { ArchiveWarning } from '../../../evidence-files/file-messages.ts';
import {
  indexColumns,
  spreadsheetCell,
  withoutInnerFormulas,
  type CellKind,
} from '../../../evidence-files/index-columns.ts';
import { DomainError } from '../../../kernel/errors.ts';
import { parseMoney, type Money } from '../../../payment/money.ts';
import type { ExportedFacts } from '../units/exported-facts.ts';

const BYTE_ORDER_MARK = '\ufeff';
const NUMBER = columnOf('ledger_number');
const FOLDER = columnOf('folder');
/** A cell whose value no folder has: a number or a word of the service's own, or a masked number. */
const RECORDED = /^(?:\d{1,16}|[a-z-]{1,40}|\d{8}\*{4})?$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

interface Row {
  readonly cells: readonly string[];
  /** Among the lines, from 0. */
  readonly place: number;
  isCompared: boolean;
}

/** What the index says of a consent whose evidence is not in the export. */
export interface ListedConsent {
  readonly consentId: string;
  readonly evidenceDigest: string;
  readonly environment: string;
  /** Undefined for what is no amount. */
  readonly amount: Money | undefined;
}

/** index.csv of an export, to be compared with the folders line by line, and with index.sv.csv. */
export class ExportIndex {
  readonly #rows = new Map<string, Row>();
  /** Folders with more than one line. */
  readonly #twice = new Set<string>();

  private constructor(private readonly lines: readonly (readonly string[])[]) {
    for (const [place, cells] of lines.entries()) {
      const folder = cells[FOLDER] ?? '';
      if (this.#rows.has(folder)) this.#twice.add(folder);
      else this.#rows.set(folder, { cells, place, isCompared: false });
    }
  }

  /** Undefined unless it is an index as Sigill writes it. */
  static parse(bytes: Uint8Array): ExportIndex | undefined {
    const [header, ...rows] = readCsv(decode(bytes), ',') ?? [];
    const isHeader = header?.length === indexColumns.length && indexColumns.every(({ name }, n) => header[n] === name);
    if (!isHeader || rows.some(({ length }) => length !== indexColumns.length)) return undefined;
    return new ExportIndex(rows);
  }

  /** Whether index.sv.csv says the same, line by line. */
  isSameAs(sheet: Uint8Array): boolean {
    const text = decode(sheet);
    const written = text.startsWith(BYTE_ORDER_MARK) ? readCsv(text.slice(1), ';') : undefined;
    const same = [indexColumns.map(({ heading }) => heading), ...this.lines.map(asSheet)];
    return written?.length === same.length && same.every((cells, n) => isDeepStrictEqual(cells, written[n]));
  }

  /** The differences between a folder and its line. */
  compare(folder: string, facts: ExportedFacts | undefined): readonly ArchiveWarning[] {
    const row = this.#rows.get(folder);
    if (!row) return [{ id: 'index.row-missing', file: folder }];
    row.isCompared = true;
    // What the index should say about a refused folder is unknown, so its line is not reported as well.
    if (!facts) return [];
    const different = indexColumns.filter(({ kind }, n) => !isCell(row.cells[n] ?? '', facts.cells[n], kind));
    return different.map(({ name }) => ({ id: 'index.row-differs', file: `${folder} (${name})` }));
  }

  /** What the line of a folder says, if there is one. */
  listed(folder: string): ListedConsent | undefined {
    const row = this.#rows.get(folder);
    if (!row) return undefined;
    const cell = (name: string): string => row.cells[columnOf(name)] ?? '';
    return {
      consentId: cell('consent_id'),
      evidenceDigest: cell('evidence_digest'),
      environment: cell('environment'),
      amount: findMoney(cell('currency'), cell('amount')),
    };
  }

  /** The place of a folder among the lines, from 0. */
  placeOf(folder: string): number | undefined {
    return this.#rows.get(folder)?.place;
  }

  /** Whether the line of a folder, if there is one, says that its evidence has this number in the ledger. */
  hasNumber(folder: string, number: number): boolean {
    const cell = this.#rows.get(folder)?.cells[NUMBER];
    return cell === undefined || cell === String(number);
  }

  /** Duplicate lines, and lines without a folder. */
  rest(): readonly ArchiveWarning[] {
    const unknown = [...this.#rows].filter(([, { isCompared }]) => !isCompared);
    return [
      ...[...this.#twice].map((file) => ({ id: 'index.row-twice' as const, file })),
      ...unknown.map(([file]) => ({ id: 'index.row-unknown' as const, file })),
    ];
  }
}

function columnOf(name: string): number {
  return indexColumns.findIndex((column) => column.name === name);
}

function findMoney(currency: string, amount: string): Money | undefined {
  try {
    return parseMoney(currency, amount, '');
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}

/** Whether the cell has this value. If the folder does not have the value, the cell has its form or is empty. */
function isCell(cell: string, value: string | undefined, kind: CellKind): boolean {
  if (value !== undefined && kind === 'foreign') {
    const written = withoutInnerFormulas(value);
    return cell === written || cell === `'${written}`;
  }
  if (value !== undefined) return cell === value;
  if (kind === 'time') return cell === '' || INSTANT.test(cell);
  return kind === 'foreign' || RECORDED.test(cell);
}

function asSheet(cells: readonly string[]): readonly string[] {
  return cells.map((cell, n) => {
    const kind = indexColumns[n]?.kind ?? 'ours';
    return kind === 'time' && !INSTANT.test(cell) ? cell : spreadsheetCell(cell, kind);
  });
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** Records of RFC 4180, each ended by CRLF; undefined for anything else. */
function readCsv(text: string, delimiter: ',' | ';'): readonly (readonly string[])[] | undefined {
  const cell = new RegExp(`(?:"([^"]*(?:""[^"]*)*)"|([^"\\r\\n${delimiter}]*))(${delimiter}|\\r\\n)`, 'y');
  const records: string[][] = [];
  let record: string[] = [];
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    if (!found) return undefined;
    const [, quoted, bare = '', end] = found;
    record.push(quoted?.replaceAll('""', '"') ?? bare);
    if (end === delimiter) continue;
    records.push(record);
    record = [];
  }
  return record.length === 0 ? records : undefined;
}
