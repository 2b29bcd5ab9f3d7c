import { stringify, type CastingContext, type Options } from 'csv-stringify/sync';
import type { Evidence } from '../../evidence/evidence.ts';
import { formatInstant } from '../../kernel/clock.ts';
import { isJsonObject } from '../../kernel/json.ts';
import { formatAmount } from '../../kernel/money.ts';
import { findPersonalNumber, maskPersonalNumber } from '../../kernel/personal-number.ts';
import type { Account } from '../../payment/account.ts';
import type { SignedConsentFacts } from '../../payment/non-visible.ts';
import type { CsvDialect } from '../export-request.ts';

/** One line of the index: a consent that was exported. */
export interface ExportedConsent {
  readonly folder: string;
  readonly evidence: Evidence;
  readonly facts: SignedConsentFacts;
  readonly authorisedAt: Date;
}

/**
 * `foreign` text came from outside: cells that a spreadsheet would run as a formula are neutralised. An `exact` one is never altered;
 * Excel takes digits for a number, of which it keeps fifteen, and a leading hyphen for a formula, so that it is told to show a text.
 */
type Kind = 'ours' | 'foreign' | 'exact';
type Column = readonly [name: string, read: (row: ExportedConsent, dialect: CsvDialect) => string, kind?: Kind];

const columns: readonly Column[] = [
  ['consent_id', ({ evidence }) => evidence.consentId],
  ['evidence_id', ({ evidence }) => evidence.evidenceId],
  ['authorised_at', ({ authorisedAt }) => formatInstant(authorisedAt)],
  ['signed_at', ({ evidence }) => (evidence.signedAt ? formatInstant(evidence.signedAt) : '')],
  ['bank', ({ facts }) => facts.bank, 'foreign'],
  ['tpp', ({ facts }) => facts.clientId, 'foreign'],
  ['tpp_name', ({ facts }) => facts.tpp.name, 'foreign'],
  ['tpp_authorisation_number', ({ facts }) => facts.tpp.authorisationNumber, 'foreign'],
  ['currency', ({ facts }) => facts.initiation.instructedAmount.currency],
  ['amount', ({ facts }, dialect) => decimal(formatAmount(facts.initiation.instructedAmount), dialect)],
  ['creditor_name', ({ facts }) => facts.initiation.creditorName, 'foreign'],
  ['creditor_account', ({ facts }) => accountText(facts.initiation.creditorAccount)],
  ['debtor_account', ({ facts }) => accountText(facts.initiation.debtorAccount)],
  ['ocr_reference', ({ facts }) => facts.initiation.ocrReference ?? '', 'exact'],
  ['message', ({ facts }) => facts.initiation.remittanceInformationUnstructured ?? '', 'foreign'],
  ['end_to_end_id', ({ facts }) => facts.initiation.endToEndIdentification ?? '', 'foreign'],
  ['payer_personal_number', ({ evidence }) => maskedPayer(evidence)],
  ['payer_binding', ({ facts }) => facts.payer],
  ['indication', ({ evidence }) => evidence.indication],
  ['environment', ({ evidence }) => evidence.environment],
  ['evidence_digest', ({ evidence }) => evidence.evidenceDigest.toString('base64url'), 'exact'],
  ['folder', ({ folder }) => folder],
];

/** The line that names the columns; under `excel-sv` after a byte order mark, by which Excel knows UTF-8. */
export function indexHeader(dialect: CsvDialect): string {
  return write(
    columns.map(([name]) => name),
    dialect,
    { bom: dialect === 'excel-sv' },
  );
}

/** One line; the personal number is masked. */
export function indexLine(row: ExportedConsent, dialect: CsvDialect): string {
  const cells = columns.map(([, read, kind]) => cell(read(row, dialect), kind, dialect));
  return write(cells, dialect, { escape_formulas: true, cast: { string: escapeForeignOnly } });
}

function cell(value: string, kind: Kind | undefined, dialect: CsvDialect): string {
  return kind === 'exact' && dialect === 'excel-sv' && value !== '' ? `="${value}"` : value;
}

function escapeForeignOnly(value: string, { index }: CastingContext): string | CastOptions {
  return columns[index]?.[2] === 'foreign' ? value : { value, escape_formulas: false };
}

interface CastOptions extends Options {
  readonly value: string;
}

/** @see RFC 4180 §2: CRLF, quotes doubled */
function write(cells: readonly string[], dialect: CsvDialect, options: Options): string {
  const delimiter = dialect === 'excel-sv' ? ';' : ',';
  return stringify([cells], { delimiter, record_delimiter: 'windows', ...options });
}

function decimal(amount: string, dialect: CsvDialect): string {
  return dialect === 'excel-sv' ? amount.replace('.', ',') : amount;
}

function accountText(account: Account | undefined): string {
  return account ? `${account.kind}:${maskedAccount(account)}` : '';
}

/**
 * Nordea's personal accounts are numbered by their holder's personal number (clearing 3300 and 3782; an IBAN of bank 300
 * says it without the clearing number): there the last four digits are masked, as they are where the number stands alone.
 */
function maskedAccount({ kind, value }: Account): string {
  const isNordea = (kind === 'bban' && /^(?:3300|3782)/.test(value)) || (kind === 'iban' && /^SE\d{2}300/.test(value));
  const last = value.slice(-10);
  const isPerson = ['19', '20'].some((century) => findPersonalNumber(century + last) !== undefined);
  return isNordea && isPerson ? `${value.slice(0, -4)}****` : value;
}

function maskedPayer({ report }: Evidence): string {
  const signer = report['signer'];
  const number = isJsonObject(signer) ? signer['personalNumber'] : undefined;
  return typeof number === 'string' ? maskPersonalNumber(number) : '';
}
