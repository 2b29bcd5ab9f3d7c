import { stringify, type CastingContext, type Options } from 'csv-stringify/sync';
import type { Evidence } from '../../evidence/evidence.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import type { SignedConsentFacts } from '../../payment/non-visible.ts';
import {
  indexColumns,
  spreadsheetCell,
  withoutInnerFormulas,
  type ConsentCourse,
  type IndexedConsent,
} from '../../evidence-files/index-columns.ts';

/** The two indexes of an export: for programs by RFC 4180, and for a spreadsheet in Sweden. */
export type IndexForm = 'rfc4180' | 'spreadsheet-sv';

/** A consent that was exported. */
export interface ExportedConsent {
  readonly folder: string;
  readonly evidence: Evidence;
  readonly facts: SignedConsentFacts;
  readonly authorisedAt: Date;
  readonly course: ConsentCourse;
}

/** The header line; for a spreadsheet in Swedish, and after a byte order mark, by which Excel recognises UTF-8. */
export function indexHeader(form: IndexForm): string {
  const isSheet = form === 'spreadsheet-sv';
  return write([indexColumns.map(({ name, heading }) => (isSheet ? heading : name))], form, { bom: isSheet });
}

/** What the line of a consent is made of. */
export function rowOf({ evidence, ...rest }: ExportedConsent): IndexedConsent {
  const { evidenceId, indication, signedAt } = evidence;
  const evidenceDigest = evidence.evidenceDigest.toString('base64url');
  return { ...rest, evidenceId, evidenceDigest, indication, signedAt, personalNumber: payerOf(evidence) };
}

/** Lines in their order; the personal number is masked. */
export function indexLines(rows: readonly IndexedConsent[], form: IndexForm): string {
  const lines = rows.map((row) =>
    indexColumns.map(({ read, kind }) => {
      const cell = read(row) ?? '';
      return kind === 'foreign' ? withoutInnerFormulas(cell) : cell;
    }),
  );
  const written = form === 'rfc4180' ? lines : lines.map(asSheet);
  return write(written, form, { escape_formulas: true, cast: { string: escapeForeignOnly, object: leaveMarked } });
}

/** A cell that is marked as text is a formula, and ours. */
interface Marked {
  readonly marked: string;
}

type Cell = string | Marked;

function asSheet(cells: readonly string[]): readonly Cell[] {
  return cells.map((cell, n) => {
    const written = spreadsheetCell(cell, indexColumns[n]?.kind ?? 'ours');
    return written === cell || !written.startsWith('=') ? written : { marked: written };
  });
}

/** No formula begins with a letter or digit: of the cells that are left as they are, only the others need options, which take time. */
function escapeForeignOnly(value: string, { index }: CastingContext): string | CastOptions {
  const isEscaped = indexColumns[index]?.kind === 'foreign';
  return isEscaped || !/^\W/.test(value) ? value : { value, escape_formulas: false };
}

function leaveMarked(cell: object): CastOptions {
  return { value: (cell as Marked).marked, escape_formulas: false };
}

interface CastOptions extends Options {
  readonly value: string;
}

/** @see RFC 4180 §2: CRLF, quotes doubled */
function write(lines: readonly (readonly Cell[])[], form: IndexForm, options: Options): string {
  const delimiter = form === 'spreadsheet-sv' ? ';' : ',';
  return stringify([...lines], { delimiter, record_delimiter: 'windows', ...options });
}

function payerOf({ report }: Evidence): string | undefined {
  const { signer } = JSON.parse(report) as JsonObject;
  const number = isJsonObject(signer) ? signer['personalNumber'] : undefined;
  return typeof number === 'string' ? number : undefined;
}
