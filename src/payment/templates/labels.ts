/** The lines that a visible text can have, each a label and a value. */
export type Line =
  | 'tpp'
  | 'authorisationNumber'
  | 'amount'
  | 'creditorName'
  | 'creditorAccount'
  | 'ocr'
  | 'message'
  | 'debtorAccount'
  | 'reference';

/** Frozen with the templates that use them: a changed word is a new template. */
export const labelsSv1: Readonly<Record<Line, string>> = Object.freeze({
  tpp: 'Begärs av',
  authorisationNumber: 'Tillståndsnummer',
  amount: 'Belopp',
  creditorName: 'Betalas till',
  creditorAccount: 'Mottagarens konto',
  ocr: 'OCR-nummer',
  message: 'Meddelande',
  debtorAccount: 'Från konto',
  reference: 'Referens',
});

export const labelsEn1: Readonly<Record<Line, string>> = Object.freeze({
  tpp: 'Requested by',
  authorisationNumber: 'Authorisation number',
  amount: 'Amount',
  creditorName: 'Pay to',
  creditorAccount: 'Payee account',
  ocr: 'OCR number',
  message: 'Message',
  debtorAccount: 'From account',
  reference: 'Reference',
});

/** The labels of all templates: no value may contain one followed by a colon. */
export const labels: readonly string[] = [...Object.values(labelsSv1), ...Object.values(labelsEn1)];
