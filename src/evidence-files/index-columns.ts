import { formatInstant } from '../kernel/clock.ts';
import { formatAmount } from '../payment/money.ts';
import { findPersonalNumber, maskPersonalNumber } from '../kernel/personal-number.ts';
import type { Account } from '../payment/account.ts';
import type { CreditorNameVerification } from '../payment/creditor-name-verification.ts';
import type { SignedConsentFacts } from '../payment/non-visible.ts';

/** The data of a line of an export's index.csv. Undefined means unknown, and is written as an empty cell. */
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
}

/**
 * `foreign` text comes from outside: cells that a spreadsheet would run as a formula are neutralised. An `exact` cell is never altered;
 * Excel reads digits as a number with fifteen digits, and a leading hyphen as a formula, so its dialect marks the cell as text.
 * A `decimal` has the separator of its dialect.
 */
export type CellKind = 'ours' | 'foreign' | 'exact' | 'decimal';

export interface IndexColumn {
  readonly name: string;
  readonly kind: CellKind;
  readonly read: (row: IndexedConsent) => string | undefined;
}

const column = (name: string, read: IndexColumn['read'], kind: CellKind = 'ours'): IndexColumn => ({
  name,
  kind,
  read,
});

/** The columns of index.csv, in their order. */
export const indexColumns: readonly IndexColumn[] = [
  column('consent_id', ({ facts }) => facts.consentId),
  column('evidence_id', ({ evidenceId }) => evidenceId),
  column('authorised_at', ({ authorisedAt }) => authorisedAt && formatInstant(authorisedAt)),
  column('signed_at', ({ signedAt }) => signedAt && formatInstant(signedAt)),
  column('bank', ({ facts }) => facts.bank, 'foreign'),
  column('bank_name', ({ facts }) => ('bankName' in facts ? facts.bankName : ''), 'foreign'),
  column('tpp', ({ facts }) => facts.clientId, 'foreign'),
  column('tpp_name', ({ facts }) => facts.tpp.name, 'foreign'),
  column('tpp_authorisation_number', ({ facts }) => facts.tpp.authorisationNumber, 'foreign'),
  column('currency', ({ facts }) => facts.initiation.instructedAmount.currency),
  column('amount', ({ facts }) => formatAmount(facts.initiation.instructedAmount), 'decimal'),
  column('creditor_name', ({ facts }) => facts.initiation.creditorName, 'foreign'),
  column('creditor_account', ({ facts }) => accountText(facts.initiation.creditorAccount)),
  column('debtor_account', ({ facts }) => accountText(facts.initiation.debtorAccount)),
  column('reference_type', ({ facts }) => facts.initiation.creditorReference?.type ?? ''),
  column('reference', ({ facts }) => facts.initiation.creditorReference?.value ?? '', 'exact'),
  column('message', ({ facts }) => facts.initiation.remittanceInformationUnstructured ?? '', 'foreign'),
  column('end_to_end_id', ({ facts }) => facts.initiation.endToEndIdentification ?? '', 'foreign'),
  column('payer_personal_number', ({ personalNumber }) => personalNumber && maskPersonalNumber(personalNumber)),
  column('payer_binding', ({ facts }) => facts.payer),
  column('channel', ({ facts }) => ('channel' in facts ? facts.channel.way : '')),
  column('call_initiator', ({ facts }) =>
    'channel' in facts && facts.channel.way === 'phone' ? facts.channel.callInitiator : '',
  ),
  column('creditor_name_verification', ({ facts }) => verificationOf(facts)?.result ?? ''),
  column('creditor_name_verified_by', ({ facts }) => verifierOf(facts)),
  column('indication', ({ indication }) => indication),
  column('environment', ({ facts }) => facts.environment),
  column('evidence_digest', ({ evidenceDigest }) => evidenceDigest, 'exact'),
  column('folder', ({ folder }) => folder),
];

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
  return account ? `${account.kind}:${maskedAccount(account)}` : '';
}

/**
 * The number of a Nordea personal account is its holder's personal number (clearing 3300 and 3782; an IBAN of bank 300
 * has it without the clearing number), so its last four digits are masked, as in a personal number.
 */
function maskedAccount({ kind, value }: Account): string {
  const isNordea = (kind === 'bban' && /^(?:3300|3782)/.test(value)) || (kind === 'iban' && /^SE\d{2}300/.test(value));
  const last = value.slice(-10);
  const isPerson = ['19', '20'].some((century) => findPersonalNumber(century + last) !== undefined);
  return isNordea && isPerson ? `${value.slice(0, -4)}****` : value;
}
