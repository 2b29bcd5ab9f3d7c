import { formatInstant, formatSwedishTime } from '../kernel/clock.ts';
import { formatAmount } from '../payment/money.ts';
import { maskPersonalNumber } from '../kernel/personal-number.ts';
import { maskAccountNumber, type Account } from '../payment/account.ts';
import type { CreditorNameVerification } from '../payment/creditor-name-verification.ts';
import type { SignedConsentFacts } from '../payment/non-visible.ts';

/** The data of a line of an export's index.csv and index.sv.csv. Undefined means unknown, and is written as an empty cell. */
export interface IndexedConsent {
  readonly folder: string;
  readonly facts: SignedConsentFacts;
  readonly evidenceId: string;
  /** base64url. */
  readonly evidenceDigest: string;
  readonly indication: string;
  readonly signedAt: Date | undefined;
  /** The payer's personal number, which is masked in the file. */
  readonly personalNumber: string | undefined;
  readonly authorisedAt: Date | undefined;
  readonly course: ConsentCourse | undefined;
}

/**
 * What became of a consent after its signature, and where its evidence stands in the ledger, when the export was made. It is the word
 * of the service: no evidence folder shows it.
 */
export interface ConsentCourse {
  /** Of the evidence in the bank's ledger; undefined until it has one. */
  readonly number: number | undefined;
  readonly state: string;
  readonly consumedAt: Date | undefined;
  /** The bank's own, given when it consumed the consent. */
  readonly paymentReference: string | undefined;
  /** How the payment ended, as the bank reported it. */
  readonly execution: string | undefined;
  readonly executionReportedAt: Date | undefined;
}

/**
 * `foreign` text comes from outside: cells that a spreadsheet would run as a formula are neutralised. An `exact` cell is never altered.
 * A `decimal` and a `time` are written as their reader expects them.
 */
export type CellKind = 'ours' | 'foreign' | 'exact' | 'decimal' | 'time';

export interface IndexColumn {
  readonly name: string;
  /** Its heading in index.sv.csv. */
  readonly heading: string;
  readonly kind: CellKind;
  readonly read: (row: IndexedConsent) => string | undefined;
}

const column = (name: string, heading: string, read: IndexColumn['read'], kind: CellKind = 'ours'): IndexColumn => ({
  name,
  heading,
  kind,
  read,
});

const timeColumn = (name: string, heading: string, read: (row: IndexedConsent) => Date | undefined): IndexColumn =>
  column(
    name,
    heading,
    (row) => {
      const at = read(row);
      return at && formatInstant(at);
    },
    'time',
  );

/** The columns of index.csv and of index.sv.csv, in their order. */
export const indexColumns: readonly IndexColumn[] = [
  column('consent_id', 'Samtycke', ({ facts }) => facts.consentId),
  column('evidence_id', 'Bevis', ({ evidenceId }) => evidenceId),
  column('ledger_number', 'Nummer i liggaren', ({ course }) => course?.number?.toString()),
  column('state', 'Tillstånd', ({ course }) => course?.state),
  timeColumn('authorised_at', 'Godkänt', ({ authorisedAt }) => authorisedAt),
  timeColumn('signed_at', 'Undertecknat', ({ signedAt }) => signedAt),
  timeColumn('consumed_at', 'Förbrukat', ({ course }) => course?.consumedAt),
  column('execution', 'Utförande', ({ course }) => course?.execution),
  timeColumn('execution_reported_at', 'Utförande rapporterat', ({ course }) => course?.executionReportedAt),
  column('payment_reference', 'Bankens betalningsreferens', ({ course }) => course?.paymentReference, 'foreign'),
  column('bank', 'Bank', ({ facts }) => facts.bank, 'foreign'),
  column('bank_name', 'Bankens namn', ({ facts }) => ('bankName' in facts ? facts.bankName : ''), 'foreign'),
  column('tpp', 'TPP', ({ facts }) => facts.clientId, 'foreign'),
  column('tpp_name', 'TPP:ns namn', ({ facts }) => facts.tpp.name, 'foreign'),
  column(
    'tpp_authorisation_number',
    'TPP:ns tillståndsnummer',
    ({ facts }) => facts.tpp.authorisationNumber,
    'foreign',
  ),
  column('currency', 'Valuta', ({ facts }) => facts.initiation.instructedAmount.currency),
  column('amount', 'Belopp', ({ facts }) => formatAmount(facts.initiation.instructedAmount), 'decimal'),
  column('creditor_name', 'Betalningsmottagare', ({ facts }) => facts.initiation.creditorName, 'foreign'),
  column('creditor_account', 'Mottagarens konto', ({ facts }) => accountText(facts.initiation.creditorAccount)),
  column('debtor_account', 'Betalarens konto', ({ facts }) => accountText(facts.initiation.debtorAccount)),
  column('reference_type', 'Referenstyp', ({ facts }) => facts.initiation.creditorReference?.type ?? ''),
  column('reference', 'Referens', ({ facts }) => facts.initiation.creditorReference?.value ?? '', 'exact'),
  column('message', 'Meddelande', ({ facts }) => facts.initiation.remittanceInformationUnstructured ?? '', 'foreign'),
  column('end_to_end_id', 'End-to-end-id', ({ facts }) => facts.initiation.endToEndIdentification ?? '', 'foreign'),
  column(
    'payer_personal_number',
    'Betalarens personnummer, maskerat',
    ({ personalNumber }) => personalNumber && maskPersonalNumber(personalNumber),
  ),
  column('payer_binding', 'Hur betalaren angavs', ({ facts }) => facts.payer),
  column('channel', 'Kanal', ({ facts }) => ('channel' in facts ? facts.channel.way : '')),
  column('call_initiator', 'Vem som ringde', ({ facts }) =>
    'channel' in facts && facts.channel.way === 'phone' ? facts.channel.callInitiator : '',
  ),
  column(
    'creditor_name_verification',
    'Kontroll av mottagarens namn',
    ({ facts }) => verificationOf(facts)?.result ?? '',
  ),
  column('creditor_name_verified_by', 'Kontrollerat av', ({ facts }) => verifierOf(facts)),
  column('indication', 'Utlåtande', ({ indication }) => indication),
  column('environment', 'Miljö', ({ facts }) => facts.environment),
  column('evidence_digest', 'Bevisets kontrollsumma', ({ evidenceDigest }) => evidenceDigest, 'exact'),
  column('folder', 'Mapp', ({ folder }) => folder),
];

/**
 * Foreign text in which no formula can begin behind a comma or a semicolon: a spreadsheet of another country takes the delimiter of the
 * other index for the end of a cell. What begins a cell is neutralised where the cell is written.
 */
export function withoutInnerFormulas(text: string): string {
  return text.replace(/([,;])(?=\s*["']*\s*(?:[=@\uff1d\uff20]|[+\-\uff0b\uff0d][^\s,;]))/g, "$1'");
}

/**
 * The cell of index.sv.csv that says the same as one of index.csv. A spreadsheet reads digits as a number with fifteen digits, or as a
 * date, and a leading hyphen as a formula: such a cell is marked as text.
 * @param cell not empty for a time
 */
export function spreadsheetCell(cell: string, kind: CellKind): string {
  if (cell === '') return cell;
  if (kind === 'decimal') return cell.replace('.', ',');
  if (kind === 'time') return formatSwedishTime(new Date(cell));
  const isText = kind === 'exact' || (kind === 'foreign' && /^\d/.test(cell));
  return isText ? `="${cell.replaceAll('"', '""')}"` : cell;
}

function verificationOf(facts: SignedConsentFacts): CreditorNameVerification | undefined {
  return 'channel' in facts ? facts.creditorNameVerification : undefined;
}

/** Who says so. */
function verifierOf(facts: SignedConsentFacts): string {
  const verification = verificationOf(facts);
  if (!verification) return '';
  return verification.attestation === undefined ? 'tpp' : 'bank';
}

function accountText(account: Account | undefined): string {
  return account ? `${account.kind}:${maskAccountNumber(account, account.value)}` : '';
}
