import { stringify, type CastingContext, type Options } from 'csv-stringify/sync';
import type { Evidence } from '../../evidence/evidence.ts';
import { isJsonObject } from '../../kernel/json.ts';
import type { SignedConsentFacts } from '../../payment/non-visible.ts';
import { indexColumns, type CellKind } from '../../evidence-files/index-columns.ts';
import type { CsvDialect } from '../export-request.ts';

/** An exported consent, one line of the index. */
export interface ExportedConsent {
  readonly folder: string;
  readonly evidence: Evidence;
  readonly facts: SignedConsentFacts;
  readonly authorisedAt: Date;
}

/** The header line; for `excel-sv` after a byte order mark, by which Excel recognises UTF-8. */
export function indexHeader(dialect: CsvDialect): string {
  return write(
    indexColumns.map(({ name }) => name),
    dialect,
    { bom: dialect === 'excel-sv' },
  );
}

/** One line; the personal number is masked. */
export function indexLine({ folder, evidence, facts, authorisedAt }: ExportedConsent, dialect: CsvDialect): string {
  const { evidenceId, indication, signedAt } = evidence;
  const evidenceDigest = evidence.evidenceDigest.toString('base64url');
  const personalNumber = payerOf(evidence);
  const row = { folder, facts, evidenceId, evidenceDigest, indication, signedAt, personalNumber, authorisedAt };
  const cells = indexColumns.map(({ read, kind }) => cell(read(row) ?? '', kind, dialect));
  return write(cells, dialect, { escape_formulas: true, cast: { string: escapeForeignOnly } });
}

function cell(value: string, kind: CellKind, dialect: CsvDialect): string {
  if (dialect === 'rfc4180' || value === '') return value;
  if (kind === 'decimal') return value.replace('.', ',');
  return kind === 'exact' ? `="${value}"` : value;
}

function escapeForeignOnly(value: string, { index }: CastingContext): string | CastOptions {
  return indexColumns[index]?.kind === 'foreign' ? value : { value, escape_formulas: false };
}

interface CastOptions extends Options {
  readonly value: string;
}

/** @see RFC 4180 §2: CRLF, quotes doubled */
function write(cells: readonly string[], dialect: CsvDialect, options: Options): string {
  const delimiter = dialect === 'excel-sv' ? ';' : ',';
  return stringify([cells], { delimiter, record_delimiter: 'windows', ...options });
}

function payerOf({ report }: Evidence): string | undefined {
  const signer = report['signer'];
  const number = isJsonObject(signer) ? signer['personalNumber'] : undefined;
  return typeof number === 'string' ? number : undefined;
}
