/** The words of the receipt in one language. */
export interface ReceiptPhrases {
  readonly title: string;
  readonly subject: (evidenceId: string) => string;
  readonly pageOf: (page: number, pages: number) => string;
  /** Of evidence that is not from production. */
  readonly notReal: Readonly<Record<'test' | 'unpinned', string>>;
  readonly lead: (signer: string) => string;
  readonly payment: string;
  readonly payee: string;
  readonly account: string;
  readonly payeeCheck: string;
  readonly ocr: string;
  readonly rf: string;
  readonly message: string;
  readonly reference: string;
  readonly debtor: string;
  readonly signature: string;
  readonly signer: string;
  readonly signedAt: string;
  readonly swedishTime: string;
  readonly asked: string;
  readonly authorisation: string;
  readonly requested: string;
  readonly bank: string;
  readonly relyingParty: string;
  readonly verified: string;
  readonly passed: string;
  readonly howToVerify: string;
  readonly whereIs: string;
  readonly consentId: string;
  readonly evidenceId: string;
  readonly digest: string;
  readonly says: string;
  readonly limits: readonly string[];
}

const sv: ReceiptPhrases = {
  title: 'Kvitto på undertecknat betalningssamtycke',
  subject: (evidenceId) => `Bevis ${evidenceId}`,
  pageOf: (page, pages) => `${page} (${pages})`,
  notReal: {
    test: 'TEST – undertecknat i BankID:s testmiljö. Saknar värde utanför den.',
    unpinned: 'TEST – kontrollerat mot ett rotcertifikat som inte är BankID:s. Saknar värde utanför testmiljön.',
  },
  lead: (signer) => `${signer} har med BankID skrivit under samtycke till betalningen nedan.`,
  payment: 'Betalningen',
  payee: 'Mottagare',
  account: 'Mottagarens konto',
  payeeCheck: 'Mottagarkontroll',
  ocr: 'OCR-nummer',
  rf: 'RF-referens',
  message: 'Meddelande',
  reference: 'Referens',
  debtor: 'Från konto',
  signature: 'Underskriften',
  signer: 'Undertecknare',
  signedAt: 'Tidpunkt',
  swedishTime: 'svensk tid',
  asked: 'Begärd av',
  authorisation: 'tillståndsnummer',
  requested: 'Begärdes',
  bank: 'Bank',
  relyingParty: 'Förlitande part',
  verified: 'Kontrollen',
  passed:
    'Underskriften är äkta, gäller betalningen ovan, och undertecknarens certifikat gällde när den gjordes ' +
    '(TOTAL-PASSED enligt ETSI EN 319 102-1). sigill verify visar varje kontroll, och vilka som inte kunde göras.',
  howToVerify: 'Så kontrolleras det',
  whereIs:
    'Beviset är inte detta papper, utan filen med nedanstående id och kontrollsumma. Den som har filen kan kontrollera den själv, utan banken och utan tjänsten, med sigill verify.',
  consentId: 'Samtyckets id',
  evidenceId: 'Bevisets id',
  digest: 'Bevisets kontrollsumma',
  says: 'Vad kvittot inte visar',
  limits: [
    'Att samtycket har använts och betalningen utförts, eller vems kontona är.',
    'Vem som höll i telefonen: underskriften visar att personens BankID och säkerhetskod användes.',
    'Hela personnumret: de fyra sista siffrorna är utelämnade här, men finns i beviset.',
  ],
};

const en: ReceiptPhrases = {
  title: 'Receipt of a signed payment consent',
  subject: (evidenceId) => `Evidence ${evidenceId}`,
  pageOf: (page, pages) => `${page} of ${pages}`,
  notReal: {
    test: 'TEST – signed in the test environment of BankID. Of no value outside it.',
    unpinned: 'TEST – verified with a root certificate that is not that of BankID. Of no value outside a test.',
  },
  lead: (signer) => `${signer} has signed with BankID to consent to the payment below.`,
  payment: 'The payment',
  payee: 'Payee',
  account: "Payee's account",
  payeeCheck: 'Payee check',
  ocr: 'OCR number',
  rf: 'RF reference',
  message: 'Message',
  reference: 'Reference',
  debtor: 'From account',
  signature: 'The signature',
  signer: 'Signed by',
  signedAt: 'Signed at',
  swedishTime: 'Swedish time',
  asked: 'Requested by',
  authorisation: 'authorisation number',
  requested: 'Requested',
  bank: 'Bank',
  relyingParty: 'Relying party',
  verified: 'The verification',
  passed:
    "The signature is genuine and is of the payment above, and the signer's certificate was valid when it was made " +
    '(TOTAL-PASSED in the words of ETSI EN 319 102-1). sigill verify shows each check, and those that could not be made.',
  howToVerify: 'How to verify it',
  whereIs:
    'The evidence is not this paper but the file with the id and the digest below. Anyone who has the file can verify it, without the bank and without the service, with sigill verify.',
  consentId: 'Consent id',
  evidenceId: 'Evidence id',
  digest: 'Evidence digest',
  says: 'What this receipt does not show',
  limits: [
    'That the consent was used and the payment executed, or whose the accounts are.',
    "Who held the phone: the signature shows that this person's BankID and security code were used.",
    'The whole personal number: its last four digits are left out here and stand in the evidence.',
  ],
};

export const receiptPhrases: Readonly<Record<'sv' | 'en', ReceiptPhrases>> = { sv, en };
