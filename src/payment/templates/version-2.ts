import type { Channel } from '../channel.ts';
import { formatCreditorReference } from '../creditor-reference.ts';
import { isShown, type CreditorNameVerification, type VerificationResult } from '../creditor-name-verification.ts';
import type { PaymentInitiation } from '../initiation.ts';
import { english, formatAccount, formatMoney, formatRows, swedish, type Row, type Spelling } from './format.ts';
import { labelsEn2, labelsSv2 } from './labels.ts';

export type Template2 = 'sv-2' | 'en-2';

export interface VisibleFacts2 {
  readonly template: Template2;
  /** The TPP's registered name and authorisation number at the time of the push. */
  readonly tpp: { readonly name: string; readonly authorisationNumber: string };
  /** The bank's registered name at the time of the push. */
  readonly bankName: string;
  readonly channel: Channel;
  readonly creditorNameVerification: CreditorNameVerification | undefined;
  readonly initiation: PaymentInitiation;
}

interface Words {
  readonly labels: typeof labelsSv2;
  readonly spelling: Spelling;
  /** What the verification of the payee said, and who says so. */
  readonly payeeCheck: Readonly<Record<VerificationResult, (source: string) => string>>;
  /** Who called whom; the other party is the TPP. */
  readonly call: Readonly<Record<'user' | 'RP', (tppName: string) => string>>;
  /** Stands before the warning if the TPP called. */
  readonly unexpectedCall: string;
  readonly warning: string;
}

const words: Readonly<Record<Template2, Words>> = Object.freeze({
  'sv-2': {
    labels: labelsSv2,
    spelling: swedish,
    payeeCheck: {
      match: (source) => `Namnet stämmer med kontot, enligt ${source}`,
      'close-match': (source) => `Namnet stämmer inte helt, enligt ${source}. Pengarna kan gå till någon annan.`,
      'no-match': (source) => `Namnet stämmer inte med kontot, enligt ${source}. Pengarna kan gå till någon annan.`,
      'not-possible': (source) => `Namnet kunde inte kontrolleras, enligt ${source}. Pengarna kan gå till någon annan.`,
    },
    call: {
      user: (tppName) => `Du ringde till ${tppName}`,
      RP: (tppName) => `${tppName} ringde till dig`,
    },
    unexpectedCall: 'Lägg på och skriv inte under om du inte väntade dig samtalet.\n',
    warning:
      'Skriv bara under om du själv har påbörjat den här betalningen.\n' +
      'Banken, polisen eller en myndighet ber dig aldrig att skriva under.',
  },
  'en-2': {
    labels: labelsEn2,
    spelling: english,
    payeeCheck: {
      match: (source) => `The name matches the account, says ${source}`,
      'close-match': (source) => `The name does not quite match, says ${source}. The money may go to someone else.`,
      'no-match': (source) => `The name does not match the account, says ${source}. The money may go to someone else.`,
      'not-possible': (source) => `The name could not be checked, says ${source}. The money may go to someone else.`,
    },
    call: {
      user: (tppName) => `You called ${tppName}`,
      RP: (tppName) => `${tppName} called you`,
    },
    unexpectedCall: 'Hang up and do not sign if you did not expect the call.\n',
    warning:
      'Sign only if you started this payment yourself.\n' +
      'Your bank, the police or an authority will never ask you to sign.',
  },
});

/** Who asks, at which bank, the payment, whether the account is the payee's, who called, a warning. */
export function renderVersion2(facts: VisibleFacts2): string {
  const { template, tpp, bankName, channel, initiation } = facts;
  const { labels, spelling, call, unexpectedCall, warning } = words[template];
  const { debtorAccount, creditorReference: reference } = initiation;
  const caller = channel.way === 'phone' ? channel.callInitiator : undefined;
  return formatRows(
    [
      [labels.tpp, tpp.name],
      [labels.authorisationNumber, tpp.authorisationNumber],
      [labels.bank, bankName],
      [labels.amount, formatMoney(initiation.instructedAmount, spelling)],
      [labels.creditorName, initiation.creditorName],
      [labels.creditorAccount, formatAccount(initiation.creditorAccount, spelling)],
      ...payeeCheckRows(facts),
      [labels[reference?.type === 'RF' ? 'rf' : 'ocr'], reference && formatCreditorReference(reference)],
      [labels.message, initiation.remittanceInformationUnstructured],
      [labels.reference, initiation.endToEndIdentification],
      [labels.debtorAccount, debtorAccount && formatAccount(debtorAccount, spelling)],
      [labels.call, caller && call[caller](tpp.name)],
    ],
    `${caller === 'RP' ? unexpectedCall : ''}${warning}`,
  );
}

/** What the verification of the payee said, as far as the payer may rely on who says it. */
export function payeeCheckRows(
  facts: Pick<VisibleFacts2, 'template' | 'tpp' | 'bankName' | 'creditorNameVerification'>,
): readonly Row[] {
  const { template, tpp, bankName, creditorNameVerification: verification } = facts;
  if (!verification || !isShown(verification)) return [];
  const { labels, payeeCheck } = words[template];
  const { result, matchedName, attestation } = verification;
  const source = attestation === undefined ? tpp.name : bankName;
  return [
    [labels.payeeCheck, payeeCheck[result](source)],
    [labels.accountHolder, attestation === undefined ? undefined : matchedName],
  ];
}
