import { stringify } from 'csv-stringify/sync';
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

type Column = readonly [name: string, read: (row: ExportedConsent, dialect: CsvDialect) => string];

const columns: readonly Column[] = [
  ['consent_id', ({ evidence }) => evidence.consentId],
  ['evidence_id', ({ evidence }) => evidence.evidenceId],
  ['authorised_at', ({ authorisedAt }) => formatInstant(authorisedAt)],
  ['signed_at', ({ evidence }) => (evidence.signedAt ? formatInstant(evidence.signedAt) : '')],
  ['bank', ({ facts }) => facts.bank],
  ['tpp', ({ facts }) => facts.clientId],
  ['tpp_name', ({ facts }) => facts.tpp.name],
  ['tpp_authorisation_number', ({ facts }) => facts.tpp.authorisationNumber],
  ['currency', ({ facts }) => facts.initiation.instructedAmount.currency],
  ['amount', ({ facts }, dialect) => decimal(formatAmount(facts.initiation.instructedAmount), dialect)],
  ['creditor_name', ({ facts }) => facts.initiation.creditorName],
  ['creditor_account', ({ facts }) => accountText(facts.initiation.creditorAccount)],
  ['debtor_account', ({ facts }) => accountText(facts.initiation.debtorAccount)],
  ['ocr_reference', ({ facts }) => facts.initiation.ocrReference ?? ''],
  ['message', ({ facts }) => facts.initiation.remittanceInformationUnstructured ?? ''],
  ['end_to_end_id', ({ facts }) => facts.initiation.endToEndIdentification ?? ''],
  ['payer_personal_number', ({ evidence }) => maskedPayer(evidence)],
  ['payer_binding', ({ facts }) => facts.payer],
  ['indication', ({ evidence }) => evidence.indication],
  ['environment', ({ evidence }) => evidence.environment],
  ['evidence_digest', ({ evidence }) => evidence.evidenceDigest.toString('base64url')],
  ['folder', ({ folder }) => folder],
];

/** The line that names the columns; under `excel-sv` after a byte order mark, by which Excel knows UTF-8. */
export function indexHeader(dialect: CsvDialect): string {
  return write([columns.map(([name]) => name)], dialect, dialect === 'excel-sv');
}

/** One line. Cells that a spreadsheet would run as a formula are neutralised; the personal number is masked. */
export function indexLine(row: ExportedConsent, dialect: CsvDialect): string {
  return write([columns.map(([, read]) => read(row, dialect))], dialect, false);
}

/** @see RFC 4180 §2: CRLF, quotes doubled */
function write(lines: string[][], dialect: CsvDialect, bom: boolean): string {
  return stringify(lines, {
    delimiter: dialect === 'excel-sv' ? ';' : ',',
    record_delimiter: 'windows',
    escape_formulas: true,
    bom,
  });
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
