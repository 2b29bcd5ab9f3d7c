/** The lines that a text of version 1 can have, each a label and a value. */
type Line1 =
  | 'tpp'
  | 'authorisationNumber'
  | 'amount'
  | 'creditorName'
  | 'creditorAccount'
  | 'ocr'
  | 'message'
  | 'debtorAccount'
  | 'reference';

/** Version 2 also names the bank, a reference of ISO 11649, what is known of the payee and, for an order by phone, who called. */
type Line2 = Line1 | 'bank' | 'payeeCheck' | 'accountHolder' | 'rf' | 'call';

/** Frozen with the templates that use them: a changed word is a new template. */
export const labelsSv1: Readonly<Record<Line1, string>> = Object.freeze({
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

export const labelsEn1: Readonly<Record<Line1, string>> = Object.freeze({
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

export const labelsSv2: Readonly<Record<Line2, string>> = Object.freeze({
  ...labelsSv1,
  bank: 'Din bank',
  payeeCheck: 'Mottagarkontroll',
  accountHolder: 'Namn på kontot',
  rf: 'RF-referens',
  call: 'Telefonsamtal',
});

export const labelsEn2: Readonly<Record<Line2, string>> = Object.freeze({
  ...labelsEn1,
  bank: 'Your bank',
  payeeCheck: 'Payee check',
  accountHolder: 'Name on the account',
  rf: 'RF reference',
  call: 'Phone call',
});

/** Labels of any template that only name a reference. */
export const labelsOfReferences: readonly string[] = labelsOf(['ocr', 'rf', 'message', 'reference']);

/** The other labels of any template: they name an amount, an account or a person. */
export const labelsOfPayment: readonly string[] = labelsOf([
  'tpp',
  'authorisationNumber',
  'bank',
  'amount',
  'creditorName',
  'creditorAccount',
  'payeeCheck',
  'accountHolder',
  'debtorAccount',
  'call',
]);

function labelsOf(lines: readonly Line2[]): readonly string[] {
  const all = [labelsSv2, labelsEn2, labelsSv1, labelsEn1] as const;
  const labels = lines.flatMap((line) => all.flatMap((of) => (line in of ? [(of as typeof labelsSv2)[line]] : [])));
  return [...new Set(labels)];
}
