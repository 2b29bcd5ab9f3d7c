import { colours } from './layout/paper.ts';
import {
  beginPaper,
  identityRows,
  signedSections,
  signerOf,
  type PaperLanguage,
  type VerifiedEvidence,
} from './begin-paper.ts';
import { receiptPhrases } from './phrases/receipt-phrases.ts';

/** Of a value, at most: with two each, all of them still leave the receipt on one page. */
const LINES = 2;
const LEAD = { size: 11, after: 2 } as const;

/**
 * A receipt of a signed payment consent: one page, PDF/A-2b, tagged, the personal number masked. It says only what was signed and
 * what every verification finds, so the same evidence always gives the same bytes.
 * @param language that in which the payer signed, unless it is given
 * @throws NoPaper
 */
export function makeReceipt(evidence: VerifiedEvidence, language?: PaperLanguage): Promise<Buffer> {
  const context = beginPaper(evidence, (chosen) => receiptPhrases[chosen].title, language);
  const { words, paper } = context;
  paper.paragraph(words.lead(signerOf(context, 40)), LEAD);
  signedSections(context, LINES);
  paper.heading(2, words.verified);
  paper.paragraph(words.passed);
  paper.heading(2, words.howToVerify);
  paper.paragraph(words.whereIs, { after: 5 });
  paper.rows(identityRows(context));
  paper.heading(2, words.says);
  paper.bullets(words.limits, { size: 9, colour: colours.quiet });
  return paper.end();
}
