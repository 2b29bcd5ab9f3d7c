import { stringify, type CastingContext, type Options } from 'csv-stringify/sync';
import type { Evidence } from '../../evidence/evidence.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import type { SignedConsentFacts } from '../../payment/non-visible.ts';
import { indexColumns, type CellKind, type IndexedConsent } from '../../evidence-files/index-columns.ts';
import type { CsvDialect } from '../export-request.ts';

/** A consent that was exported. */
export interface ExportedConsent {
  readonly folder: string;
  readonly evidence: Evidence;
  readonly facts: SignedConsentFacts;
  readonly authorisedAt: Date;
}

/** The header line; for `excel-sv` after a byte order mark, by which Excel recognises UTF-8. */
export function indexHeader(dialect: CsvDialect): string {
  const names = indexColumns.map(({ name }) => name);
  return write([names], dialect, { bom: dialect === 'excel-sv' });
}

/** What the line of a consent is made of. */
export function rowOf({ folder, evidence, facts, authorisedAt }: ExportedConsent): IndexedConsent {
  const { evidenceId, indication, signedAt } = evidence;
  const evidenceDigest = evidence.evidenceDigest.toString('base64url');
  const personalNumber = payerOf(evidence);
  return { folder, facts, evidenceId, evidenceDigest, indication, signedAt, personalNumber, authorisedAt };
}

/** Lines in their order; the personal number is masked. */
export function indexLines(rows: readonly IndexedConsent[], dialect: CsvDialect): string {
  const lines = rows.map((row) => indexColumns.map(({ read, kind }) => cell(read(row) ?? '', kind, dialect)));
  return write(lines, dialect, { escape_formulas: true, cast: { string: escapeForeignOnly } });
}

function cell(value: string, kind: CellKind, dialect: CsvDialect): string {
  if (dialect === 'rfc4180' || value === '') return value;
  if (kind === 'decimal') return value.replace('.', ',');
  return kind === 'exact' ? `="${value}"` : value;
}

/** No formula begins with a letter or digit: of the cells that are left as they are, only the others need options, which take time. */
function escapeForeignOnly(value: string, { index }: CastingContext): string | CastOptions {
  const isEscaped = indexColumns[index]?.kind === 'foreign';
  return isEscaped || !/^\W/.test(value) ? value : { value, escape_formulas: false };
}

interface CastOptions extends Options {
  readonly value: string;
}

/** @see RFC 4180 §2: CRLF, quotes doubled */
function write(lines: readonly (readonly string[])[], dialect: CsvDialect, options: Options): string {
  const delimiter = dialect === 'excel-sv' ? ';' : ',';
  return stringify([...lines], { delimiter, record_delimiter: 'windows', ...options });
}

function payerOf({ report }: Evidence): string | undefined {
  const { signer } = JSON.parse(report) as JsonObject;
  const number = isJsonObject(signer) ? signer['personalNumber'] : undefined;
  return typeof number === 'string' ? number : undefined;
}
