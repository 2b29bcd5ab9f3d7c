import { findObject } from '../crypto/json/canonical-json.ts';
import { DIGEST_FILE } from '../evidence-files/evidence-folder.ts';
import type { Files } from '../evidence-files/folder-checks.ts';
import { capital, findSignedFacts, signedPaymentRows } from '../evidence-files/report-text.ts';
import { languages, type ReportPhrases } from '../evidence-files/report-phrases.ts';
import { formatSwedishTime, formatUtc } from '../kernel/clock.ts';
import { isUuid } from '../kernel/ids.ts';
import { maskPersonalNumber } from '../kernel/personal-number.ts';
import type { SignedConsentFacts } from '../payment/non-visible.ts';
import { formatSignedMoney } from '../payment/visible-text.ts';
import type { Report } from '../verification/report.ts';
import type { PaperAttachment } from './attachment.ts';
import { colours, Paper } from './layout/paper.ts';
import { shortened } from './layout/printable.ts';
import { receiptPhrases, type ReceiptPhrases } from './phrases/receipt-phrases.ts';

export type PaperLanguage = 'sv' | 'en';

/** Evidence and today's verdict on it. */
export interface VerifiedEvidence<R extends Report = Report> {
  /** The files of its folder. */
  readonly files: Files;
  readonly report: R;
}

/** There is no paper of this: it is no payment consent, or its signature was not verified. */
export class NoPaper extends Error {
  readonly reason: 'not-verified' | 'no-payment';

  constructor(reason: NoPaper['reason']) {
    super(
      reason === 'no-payment'
        ? 'a paper is of the consent to a payment, and this is none'
        : 'there is no paper of a signature that does not pass every check',
    );
    this.reason = reason;
  }
}

/** What both papers say of a signed consent. */
export interface PaperContext {
  readonly report: Report;
  readonly consent: SignedConsentFacts;
  readonly signedAt: Date;
  readonly signer: NonNullable<Report['signer']>;
  readonly evidenceId: string;
  /** base64url. */
  readonly digest: string;
  readonly language: PaperLanguage;
  readonly words: ReceiptPhrases;
  readonly phrases: ReportPhrases;
  readonly paper: Paper;
}

type Row = readonly [label: string, value: string | undefined];

/**
 * Begins a paper: the bank, its title, and whether it is worth anything.
 * @param language that in which the payer signed, unless it is given
 * @throws NoPaper
 */
export function beginPaper(
  evidence: VerifiedEvidence,
  titleOf: (language: PaperLanguage) => string,
  given?: PaperLanguage,
  attachment?: PaperAttachment,
): PaperContext {
  const facts = factsOf(evidence);
  const language = given ?? (facts.consent.template.startsWith('sv') ? 'sv' : 'en');
  const words = receiptPhrases[language];
  const title = titleOf(language);
  const subject = words.subject(facts.evidenceId);
  const identity = { title, subject, language, at: facts.signedAt, pageOf: words.pageOf };
  const paper = new Paper({ ...identity, foot: `${title} · ${subject}`, attachment });
  const context = { ...facts, language, words, phrases: languages[language], paper };
  heading(context, title);
  return context;
}

/** @throws NoPaper */
function factsOf({ files, report }: VerifiedEvidence) {
  const { consent } = findSignedFacts(report);
  if (report.scope === 'identification' || !consent) throw new NoPaper('no-payment');
  const { indication, matches, signer, signedAt } = report;
  const isSound = indication === 'TOTAL-PASSED' && matches === 'yes';
  if (!isSound || !signer || signedAt === null) throw new NoPaper('not-verified');
  const digest = findObject(files.get(DIGEST_FILE))?.['evidenceDigest'];
  const evidenceId = findObject(files.get('circumstances.json'))?.['evidenceId'];
  // It stands in the metadata, where nothing is escaped.
  if (typeof digest !== 'string' || typeof evidenceId !== 'string' || !isUuid(evidenceId)) {
    throw new NoPaper('not-verified');
  }
  return { report, consent, signer, signedAt: new Date(signedAt), digest, evidenceId };
}

const BANK = { size: 11, weight: 'semibold', colour: colours.quiet, after: 5 } as const;
const AMOUNT = { size: 16, weight: 'semibold', after: 5 } as const;

function heading({ paper, words, consent, report }: PaperContext, title: string): void {
  paper.paragraph(paper.fitted(bankOf(consent), paper.width, 1, BANK), BANK);
  paper.rule();
  paper.space(2);
  paper.heading(1, title);
  const { environment } = report;
  if (environment === 'test' || environment === 'unpinned') {
    paper.paragraph(words.notReal[environment], { weight: 'semibold', colour: colours.warning, after: 6 });
  }
}

/** The payment, then the signature. @param lines of a value at most */
export function signedSections(context: PaperContext, lines?: number): void {
  const { paper, words, consent, language } = context;
  paper.heading(2, words.payment);
  paper.paragraph(formatSignedMoney(consent.initiation.instructedAmount, language), AMOUNT);
  knownRows(paper, paymentRows(context), lines);
  paper.heading(2, words.signature);
  knownRows(paper, signatureRows(context), lines);
}

/** Only the rows that have a value. */
export function knownRows(paper: Paper, rows: readonly Row[], lines?: number): void {
  paper.rows(
    rows.flatMap(([label, value]) => (value === undefined ? [] : [[label, value] as const])),
    lines,
  );
}

/** By which ids and digest the evidence is found. */
export function identityRows({
  words,
  consent,
  evidenceId,
  digest,
}: PaperContext): readonly (readonly [string, string])[] {
  return [
    [words.consentId, consent.consentId],
    [words.evidenceId, evidenceId],
    [words.digest, `${digest} (SHA-256, base64url)`],
  ];
}

function paymentRows({ consent, language, words, phrases }: PaperContext): readonly Row[] {
  return signedPaymentRows(consent, language, phrases).map(([id, value]) => [words[id], value]);
}

function signatureRows(context: PaperContext): readonly Row[] {
  const { consent, report, signedAt, words, phrases } = context;
  const { name, authorisationNumber } = consent.tpp;
  return [
    [words.signer, signerOf(context)],
    [words.signedAt, momentOf(signedAt, words)],
    [words.asked, `${name}, ${words.authorisation} ${authorisationNumber}`],
    [words.requested, 'channel' in consent ? capital(phrases.channelOf(consent.channel)) : undefined],
    [words.bank, bankOf(consent)],
    [words.relyingParty, report.relyingParty ?? undefined],
  ];
}

/** A moment as people in Sweden read it, and in UTC. */
export function momentOf(at: Date, words: ReceiptPhrases): string {
  return `${formatSwedishTime(at)} ${words.swedishTime} (${formatUtc(at)})`;
}

/** @param most characters of the name */
export function signerOf({ signer }: PaperContext, most = 70): string {
  return `${shortened(signer.name, most)} (${maskPersonalNumber(signer.personalNumber)})`;
}

function bankOf(consent: SignedConsentFacts): string {
  return 'bankName' in consent ? consent.bankName : consent.bank;
}
