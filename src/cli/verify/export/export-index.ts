import type { ArchiveWarning } from '../../../evidence-files/file-messages.ts';
import { indexColumns, type CellKind } from '../../../evidence-files/index-columns.ts';
import type { ExportedFacts } from '../units/exported-facts.ts';

const BYTE_ORDER_MARK = '\ufeff';
const FOLDER = indexColumns.findIndex(({ name }) => name === 'folder');
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

interface Row {
  readonly cells: readonly string[];
  isCompared: boolean;
}

/** index.csv of an export, in either dialect, to be compared with the folders line by line. */
export class ExportIndex {
  readonly #rows = new Map<string, Row>();
  /** Folders with more than one line. */
  readonly #twice = new Set<string>();

  private constructor(
    private readonly isExcel: boolean,
    rows: readonly (readonly string[])[],
  ) {
    for (const cells of rows) {
      const folder = cells[FOLDER] ?? '';
      if (this.#rows.has(folder)) this.#twice.add(folder);
      else this.#rows.set(folder, { cells, isCompared: false });
    }
  }

  /** Undefined unless it is an index as Sigill writes it. */
  static parse(bytes: Uint8Array): ExportIndex | undefined {
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    const isExcel = text.startsWith(BYTE_ORDER_MARK);
    const lines = readCsv(isExcel ? text.slice(1) : text, isExcel ? ';' : ',');
    const [header, ...rows] = lines ?? [];
    const isHeader = header?.length === indexColumns.length && indexColumns.every(({ name }, n) => header[n] === name);
    if (!isHeader || rows.some(({ length }) => length !== indexColumns.length)) return undefined;
    return new ExportIndex(isExcel, rows);
  }

  /** The differences between a folder and its line. */
  compare(folder: string, facts: ExportedFacts | undefined): readonly ArchiveWarning[] {
    const row = this.#rows.get(folder);
    if (!row) return [{ id: 'index.row-missing', file: folder }];
    row.isCompared = true;
    // What the index should say about a refused folder is unknown, so its line is not reported as well.
    if (!facts) return [];
    const different = indexColumns.filter(({ kind }, n) => !this.#isCell(row.cells[n] ?? '', facts.cells[n], kind));
    return different.map(({ name }) => ({ id: 'index.row-differs', file: `${folder} (${name})` }));
  }

  /** Duplicate lines, and lines without a folder. */
  rest(): readonly ArchiveWarning[] {
    const unknown = [...this.#rows].filter(([, { isCompared }]) => !isCompared);
    return [
      ...[...this.#twice].map((file) => ({ id: 'index.row-twice' as const, file })),
      ...unknown.map(([file]) => ({ id: 'index.row-unknown' as const, file })),
    ];
  }

  /** Whether the cell has this value in its dialect. If the folder does not have the value, the cell is a time, masked or empty. */
  #isCell(cell: string, value: string | undefined, kind: CellKind): boolean {
    if (value === undefined) return kind !== 'ours' || cell === '' || INSTANT.test(cell) || cell.endsWith('****');
    if (cell === value) return !(this.isExcel && kind === 'decimal' && value.includes('.'));
    if (kind === 'foreign') return cell === `'${value}`;
    if (!this.isExcel) return false;
    return kind === 'exact' ? cell === `="${value}"` : kind === 'decimal' && cell === value.replace('.', ',');
  }
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
