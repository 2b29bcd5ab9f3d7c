/** The lines that a visible text can have, each a label and a value. */
export const lines = [
  'tpp',
  'authorisationNumber',
  'amount',
  'creditorName',
  'creditorAccount',
  'ocr',
  'message',
  'debtorAccount',
  'reference',
] as const;
export type Line = (typeof lines)[number];

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
