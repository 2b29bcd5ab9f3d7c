import { findObject } from '../crypto/json/canonical-json.ts';
import { DIGEST_FILE } from '../evidence-files/evidence-folder.ts';
import type { Files } from '../evidence-files/folder-checks.ts';
import { languages, type ReportPhrases } from '../evidence-files/report-phrases.ts';
import { findSignedFacts, payeeCheckOf } from '../evidence-files/report-text.ts';
import { maskPersonalNumber } from '../kernel/personal-number.ts';
import { formatCreditorReference } from '../payment/creditor-reference.ts';
import type { SignedConsentFacts } from '../payment/non-visible.ts';
import { formatSignedAccount, formatSignedMoney } from '../payment/visible-text.ts';
import type { Report } from '../verification/report.ts';
import { swedishTime, utcTime } from './layout/moment.ts';
import { colours, Paper } from './layout/paper.ts';
import { shortened } from './layout/printable.ts';
import { receiptPhrases, type ReceiptPhrases } from './phrases/receipt.ts';

export type PaperLanguage = 'sv' | 'en';

/** Evidence and today's verdict on it. */
export interface VerifiedEvidence {
  /** The files of its folder. */
  readonly files: Files;
  readonly report: Report;
}

/** Of a value, at most: with two each, all of them still leave the receipt on one page. */
const LINES = 2;
const LEAD = { size: 11, after: 2 } as const;
const BANK = { size: 11, weight: 'semibold', colour: colours.quiet, after: 5 } as const;
const AMOUNT = { size: 16, weight: 'semibold', after: 5 } as const;

/** There is no receipt of this: it is no payment consent, or its signature was not verified. */
export class NoReceipt extends Error {
  readonly reason: 'not-verified' | 'no-payment';

  constructor(reason: NoReceipt['reason']) {
    super(
      reason === 'no-payment'
        ? 'a receipt is of the consent to a payment, and this is none'
        : 'there is no receipt of a signature that does not pass every check',
    );
    this.reason = reason;
  }
}

/**
 * A receipt of a signed payment consent: one page, PDF/A-2b, tagged, the personal number masked. It says only what was signed and
 * what every verification finds, so the same evidence always gives the same bytes.
 * @param language that in which the payer signed, unless it is given
 * @throws NoReceipt
 */
export function makeReceipt(evidence: VerifiedEvidence, language?: PaperLanguage): Promise<Buffer> {
  const facts = factsOf(evidence);
  const context = contextOf(facts, language ?? languageOf(facts.consent));
  const { words, paper } = context;
  heading(context);
  paper.paragraph(words.lead(signerOf(facts, 40)), LEAD);
  paper.heading(2, words.payment);
  paper.paragraph(formatSignedMoney(facts.consent.initiation.instructedAmount, context.language), AMOUNT);
  rows(context, paymentRows(context));
  paper.heading(2, words.signature);
  rows(context, signatureRows(context));
  paper.heading(2, words.verified);
  paper.paragraph(words.passed);
  paper.heading(2, words.howToVerify);
  paper.paragraph(words.whereIs, { after: 5 });
  paper.rows([
    [words.consentId, facts.consent.consentId],
    [words.evidenceId, facts.evidenceId],
    [words.digest, `${facts.digest} (SHA-256, base64url)`],
  ]);
  paper.heading(2, words.says);
  paper.bullets(words.limits, { size: 9, colour: colours.quiet });
  return paper.end();
}

interface ReceiptFacts {
  readonly report: Report;
  readonly consent: SignedConsentFacts;
  readonly signedAt: Date;
  readonly signer: NonNullable<Report['signer']>;
  readonly evidenceId: string;
  /** base64url. */
  readonly digest: string;
}

interface Context extends ReceiptFacts {
  readonly language: PaperLanguage;
  readonly words: ReceiptPhrases;
  readonly phrases: ReportPhrases;
  readonly paper: Paper;
}

/** @throws NoReceipt */
function factsOf({ files, report }: VerifiedEvidence): ReceiptFacts {
  const { consent } = findSignedFacts(report);
  if (report.scope === 'identification' || !consent) throw new NoReceipt('no-payment');
  const { indication, matches, signer, signedAt } = report;
  const isSound = indication === 'TOTAL-PASSED' && matches === 'yes';
  if (!isSound || !signer || signedAt === null) throw new NoReceipt('not-verified');
  const digest = findObject(files.get(DIGEST_FILE))?.['evidenceDigest'];
  const evidenceId = findObject(files.get('circumstances.json'))?.['evidenceId'];
  if (typeof digest !== 'string' || typeof evidenceId !== 'string') throw new NoReceipt('not-verified');
  return { report, consent, signer, signedAt: new Date(signedAt), digest, evidenceId: shortened(evidenceId, 36) };
}

function languageOf({ template }: SignedConsentFacts): PaperLanguage {
  return template.startsWith('sv') ? 'sv' : 'en';
}

function contextOf(facts: ReceiptFacts, language: PaperLanguage): Context {
  const words = receiptPhrases[language];
  const subject = words.subject(facts.evidenceId);
  const paper = new Paper({
    ...{ title: words.title, subject, language, at: facts.signedAt, pageOf: words.pageOf },
    foot: `${words.title} · ${subject}`,
  });
  return { ...facts, language, words, phrases: languages[language], paper };
}

/** The bank, above a line; then the title, and whether the paper is worth anything. */
function heading({ paper, words, consent, report }: Context): void {
  paper.paragraph(paper.fitted(bankOf(consent), paper.width, 1, BANK), BANK);
  paper.rule();
  paper.space(2);
  paper.heading(1, words.title);
  const { environment } = report;
  if (environment === 'test' || environment === 'unpinned') {
    paper.paragraph(words.notReal[environment], { weight: 'semibold', colour: colours.warning, after: 6 });
  }
}

type Row = readonly [label: string, value: string | undefined];

/** Only those that have a value. */
function rows({ paper }: Context, all: readonly Row[]): void {
  paper.rows(
    all.flatMap(([label, value]) => (value === undefined ? [] : [[label, value] as const])),
    LINES,
  );
}

function paymentRows({ consent, language, words, phrases }: Context): readonly Row[] {
  const { initiation } = consent;
  const { creditorReference: reference, debtorAccount } = initiation;
  const check = 'creditorNameVerification' in consent ? consent.creditorNameVerification : undefined;
  return [
    [words.payee, initiation.creditorName],
    [words.account, formatSignedAccount(initiation.creditorAccount, language)],
    [words.payeeCheck, check && payeeCheckOf(check, phrases)],
    [reference?.type === 'RF' ? words.rf : words.ocr, reference && formatCreditorReference(reference)],
    [words.message, initiation.remittanceInformationUnstructured],
    [words.reference, initiation.endToEndIdentification],
    [words.debtor, debtorAccount && formatSignedAccount(debtorAccount, language)],
  ];
}

function signatureRows(context: Context): readonly Row[] {
  const { consent, report, signedAt, words, phrases } = context;
  const { name, authorisationNumber } = consent.tpp;
  return [
    [words.signer, signerOf(context)],
    [words.signedAt, `${swedishTime(signedAt)} ${words.swedishTime} (${utcTime(signedAt)})`],
    [words.asked, `${name}, ${words.authorisation} ${authorisationNumber}`],
    [words.requested, 'channel' in consent ? capital(phrases.channelOf(consent.channel)) : undefined],
    [words.bank, bankOf(consent)],
    [words.relyingParty, report.relyingParty ?? undefined],
  ];
}

/** @param most characters of the name */
function signerOf({ signer }: ReceiptFacts, most = 70): string {
  return `${shortened(signer.name, most)} (${maskPersonalNumber(signer.personalNumber)})`;
}

function bankOf(consent: SignedConsentFacts): string {
  return 'bankName' in consent ? consent.bankName : consent.bank;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
