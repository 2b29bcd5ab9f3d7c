import type { Binding, Channel } from '../payment/channel.ts';
import type { ConditionOutcome, RuleOutcome } from '../payment/bank-policy.ts';
import type { VerificationResult } from '../payment/creditor-name-verification.ts';
import { englishChecks } from '../verification/messages.en.ts';
import type { CheckMessages, Texts } from '../verification/messages.ts';
import type { CheckId, CheckRow, Indication, Report, WarningId } from '../verification/report.ts';
import { type ArchiveWarningId, englishFiles, type FileMessages } from './file-messages.ts';
import { englishLogin } from './phrases/login-phrases.en.ts';
import { swedish } from './phrases/report-phrases.sv.ts';

/** The phrases of the report for people in one language. Names from the standard are not translated. */
export interface ReportPhrases {
  readonly summary: Readonly<Record<Indication | 'no-match' | 'not-meant', string>>;
  readonly noMatch: string;
  readonly signer: string;
  readonly notEstablished: string;
  readonly signedAt: string;
  readonly notProven: string;
  readonly for: string;
  readonly forWhom: (tpp: string, authorisation: string, bank: string) => string;
  readonly payment: string;
  readonly paymentTo: (amount: string, creditor: string) => string;
  /** What the verification of the payee said. */
  readonly payeeCheck: string;
  readonly payeeCheckResults: Readonly<Record<VerificationResult, string>>;
  /** Of a close match that the bank attested: the account holder's name. */
  readonly payeeCheckName: (result: string, name: string) => string;
  readonly payeeCheckOfBank: (result: string) => string;
  /** @param isRead whether the signed text says it: no text says that a TPP alone found a match */
  readonly payeeCheckOfTpp: (result: string, isRead: boolean) => string;
  /** How the payer was reached. */
  readonly channel: string;
  readonly channelOf: (channel: Channel) => string;
  /** Whether what asked for the signature is tied to what signed, as the service recorded it. */
  readonly binding: string;
  readonly bindings: Readonly<Record<Binding, string>>;
  readonly risk: string;
  readonly riskOf: (risk: string) => string;
  readonly statedAddress: string;
  readonly statedAddressOf: (address: string) => string;
  /** One of the bank's rules, as the service recorded it. */
  readonly bankRule: string;
  readonly bankRuleOutcome: Readonly<Record<RuleOutcome['outcome'], string>>;
  readonly bankRuleCondition: Readonly<Record<ConditionOutcome['condition'], (required: string) => string>>;
  readonly bankRuleFound: Readonly<Record<'true' | 'false' | 'none', string>>;
  readonly asRecorded: string;
  readonly relyingParty: string;
  readonly relyingPartyUnverified: string;
  readonly matches: string;
  readonly match: Readonly<Record<'yes' | 'no' | 'not-compared', string>>;
  /** The same for a list with one line per evidence. */
  readonly matchInList: Readonly<Record<'yes' | 'no' | 'not-compared', string>>;
  readonly payer: string;
  readonly payerKinds: Readonly<Record<'bound' | 'unbound' | 'not-compared', string>>;
  readonly trustAnchor: string;
  readonly none: string;
  readonly warning: string;
  readonly warnings: Readonly<Record<WarningId, string>>;
  readonly archiveWarnings: Readonly<Record<ArchiveWarningId, string>>;
  readonly checks: string;
  readonly check: Readonly<Record<Exclude<CheckId, 'path'>, string>>;
  /** Of the path, by the kind of its root. */
  readonly path: Readonly<Record<NonNullable<Report['environment']> | 'none', string>>;
  readonly status: Readonly<Record<CheckRow['status'], string>>;
  readonly text: string;
  readonly limits: string;
  readonly limit: readonly string[];
  readonly examined: (count: number) => string;
  /** For files that get no verdict. */
  readonly unreadable: string;
  readonly noEvidence: string;
  /** In place of it, of an export that holds none by its format. */
  readonly noSignatures: string;
  readonly checkMessages: Texts<CheckMessages>;
  readonly fileMessages: Texts<FileMessages>;
  /** What is said otherwise of an identification for a login. */
  readonly login: LoginPhrases;
}

export interface LoginPhrases extends Pick<
  ReportPhrases,
  | 'summary'
  | 'signer'
  | 'signedAt'
  | 'match'
  | 'channelOf'
  | 'statedAddressOf'
  | 'payer'
  | 'payerKinds'
  | 'text'
  | 'limit'
> {
  readonly forClient: (name: string, id: string) => string;
  readonly scopes: string;
  /** The binding message. */
  readonly code: string;
  readonly statedAddressIsSame: string;
  readonly check: Partial<ReportPhrases['check']>;
}

const english: ReportPhrases = {
  summary: {
    'TOTAL-PASSED': 'Every check passed.',
    'TOTAL-FAILED':
      'This is not a genuine BankID signature, or its certificate was revoked or not valid when it was made.',
    INDETERMINATE:
      'Nothing shows that the signature is forged, but what is here does not prove it to be genuine and meant for this.',
    'no-match': 'What came with the signature is NOT what was signed; what the signer saw is at the end.',
    'not-meant':
      'The signature is NOT the one expected: it was made for another service, by another person or for another purpose.',
  },
  noMatch: 'NO MATCH',
  signer: 'signed by',
  notEstablished: 'not established',
  signedAt: 'signed at',
  notProven: 'not proven',
  for: 'for whom',
  forWhom: (tpp, authorisation, bank) => `${tpp} (${authorisation}), to be used at the bank ${bank}`,
  payment: 'payment',
  paymentTo: (amount, creditor) => `${amount} to ${creditor}`,
  payeeCheck: 'payee check',
  payeeCheckResults: {
    match: 'the name matches the account',
    'close-match': 'the name does not quite match the account',
    'no-match': 'the name does not match the account',
    'not-possible': 'the name could not be checked',
  },
  payeeCheckName: (result, name) => `${result} (of ${name})`,
  payeeCheckOfBank: (result) => `${result}, by an attestation of the bank, which is not checked here`,
  payeeCheckOfTpp: (result, isRead) =>
    `${result}, as the third-party provider says${isRead ? '' : '; the signer did not read it'}`,
  channel: 'requested',
  channelOf: (channel) => {
    switch (channel.way) {
      case 'browser':
        return 'in a browser';
      case 'app':
        return 'in an app of the third-party provider';
      case 'qr':
        return 'by a QR code that the third-party provider showed';
      case 'phone':
        return channel.callInitiator === 'user'
          ? 'in a phone call that the payer made'
          : 'in a phone call that the third-party provider made';
    }
  },
  binding: 'device',
  bindings: {
    'returned-in-bound-browser': 'BankID led back to the browser that asked',
    'returned-with-request-key':
      'BankID led back to the app that asked, which proved its key; that does not prove one device',
    'same-address': 'BankID had the network address of the browser that asked',
    'stated-address': 'BankID had the network address that the third-party provider stated',
    none: 'nothing ties the BankID to what asked',
  },
  risk: 'risk',
  riskOf: (risk) => (risk === 'absent' ? 'BankID gave none' : `${risk}, by BankID`),
  statedAddress: 'address',
  statedAddressOf: (address) => `${address}, stated by the third-party provider`,
  bankRule: "bank's rule",
  bankRuleOutcome: { met: 'met', 'not-met': 'NOT MET', 'not-applicable': 'does not apply' },
  bankRuleCondition: {
    pinCode: () => 'security code demanded',
    mrtd: () => 'identity document read',
    cardReader: (required) => `card reader of ${required} demanded`,
    maxRisk: (required) => `risk at most ${required}`,
    minBankIdAgeDays: (required) => `BankID at least ${required} days old`,
  },
  bankRuleFound: { true: 'yes', false: 'no', none: 'no fact' },
  asRecorded: 'as the service recorded',
  relyingParty: 'relying party',
  relyingPartyUnverified: '(not verified: give --rp)',
  matches: 'matches',
  match: { yes: 'yes', no: 'no', 'not-compared': 'not compared: only the signature was checked' },
  matchInList: { yes: 'yes', no: 'no', 'not-compared': 'not-compared' },
  payer: 'payer',
  payerKinds: {
    bound: 'named when the consent was requested',
    unbound: 'the person who signed: no payer was named when the consent was requested',
    'not-compared': 'not compared',
  },
  trustAnchor: 'trust anchor',
  none: 'none',
  warning: 'warning',
  warnings: {
    'relying-party-unverified': 'no relying party was given to compare with',
    'poe.responder-only': 'the time rests on the OCSP responder alone, whose certificate has since expired',
    'sha1-ocsp': 'the OCSP response is signed with SHA-1; you vouch for its age',
    'payer-number-not-compared': 'the personal number that was named is not part of what was signed',
    'receipt-time-not-compared': 'the time of receipt is not part of what was signed',
    'report-verdict-differs': 'report.json gives another verdict than this one',
    'circumstances-name-differs': 'circumstances.json calls the signer by another name than the certificate does',
    'request-object-not-verified':
      "request-object.jwt is the provider's own statement: it is verified with the provider's keys, not here",
    'visible-text-not-utf8': 'the text that was signed is not UTF-8: it cannot be shown',
    'base64-unwrapped': 'the base64 was wrapped into lines, and was verified without the line breaks',
    'client-info-unknown-element': 'the BankID app recorded something that this version does not know',
  },
  archiveWarnings: {
    'manifest.seal-missing': 'the manifest has no seal',
    'manifest.seal-invalid': 'the seal does not belong to this manifest: the export was changed',
    'manifest.missing-or-malformed': 'the export has no manifest that can be read',
    'manifest.count-differs': 'the manifest counts another number of consents',
    'manifest.file-missing': 'a file that the manifest names is missing',
    'manifest.file-not-listed': 'a file that the manifest does not name',
    'manifest.sums-differ': 'the manifest names other sums than were signed',
    'manifest.environment-differs': 'the manifest names another environment than was signed',
    'manifest.file-changed': 'a file is not the one that the manifest names',
    'manifest.ledger-malformed':
      'the manifest does not say of the ledger what Sigill writes, or its checkpoint is not so signed',
    'manifest.ledger-differs': 'the manifest says something other of the ledger than its files',
    'folders.missing': 'the list of folders is missing',
    'folders.malformed': 'the list of folders cannot be read, or names a folder twice',
    'index.missing': 'the export has no index.csv',
    'index.malformed': 'index.csv is not as Sigill writes it',
    'index.row-missing': 'index.csv has no line for this folder',
    'index.row-twice': 'index.csv has more than one line for this folder',
    'index.row-unknown': 'index.csv has a line for a folder that is not here',
    'index.row-differs': 'index.csv says something other than was signed',
    'index.sheet-missing': 'the export has no index.sv.csv',
    'index.sheet-differs': 'index.sv.csv says something other than index.csv',
    'folder.name-differs': 'a folder is not named after the consent that was signed',
    'folder.consent-twice': 'the same consent is in more than one folder',
    'folder.without-evidence': 'a folder holds no signature',
    'folder.evidence-unexpected': 'a folder holds evidence although the format of the export has none in its folders',
    'lines.malformed': 'a line of evidence.jsonl is no evidence, or is cut off',
    'lines.unknown': 'a line of evidence.jsonl is evidence of a consent that has no folder',
    'lines.twice': 'evidence.jsonl has more than one line of the same consent',
    'lines.misplaced': 'a line of evidence.jsonl does not stand where its consent stands in index.csv',
    'lines.missing': 'evidence.jsonl has no line that agrees with what was signed for this folder',
    'lines.unexpected': 'evidence as lines, in an export of another format',
    'ledger.missing': 'a file about the ledger is missing',
    'ledger.malformed': 'a file about the ledger is not as Sigill writes it, from this line on',
    'ledger.unexpected': 'the export holds this although its manifest says that it answers for no numbers',
    'ledger.number-missing': 'numbers of the ledger are left out, and nothing says why',
    'ledger.number-twice': 'a number of the ledger is named twice, or out of order',
    'ledger.number-outside': 'a number of the ledger that the manifest does not include',
    'ledger.folder-missing': 'a folder that belongs to a number of the ledger is missing',
    'ledger.folder-twice': 'a folder is named for more than one number of the ledger',
    'ledger.folder-unlisted': 'a folder belongs to no number of the ledger that is named',
    'ledger.digest-differs': 'the evidence in a folder is not that of its number in the ledger',
    'ledger.reason-differs': 'a number is omitted for a reason that the order of the export does not give',
    'ledger.root-differs': 'the numbers and digests that are named are not those of the checkpoint',
    'audit.chain-broken': 'the events of a consent do not link to each other up to the head that is named',
    'archive.foreign-file': 'a file beside the evidence folders',
    'archive.file-refused': 'a file cannot be read, or its archive contradicts itself',
  },
  checks: 'What was checked',
  check: {
    structure: "the document has exactly BankID's form",
    digests: 'what it says is what was signed, to the byte',
    'signature-value': "the signature was made with the signer's key",
    algorithms: 'no algorithm in it is too weak',
    ocsp: 'the statement about the certificate (OCSP) is genuine',
    certid: "the statement is about the signer's certificate",
    status: 'the statement says that the certificate was good',
    nonce: 'the statement was made for this very signature',
    times: 'every certificate was valid at the time that is proven',
    'order-start': 'it was signed after the signature was requested',
    receipt: 'it was signed before it was received',
    content: 'text and data are those of the consent',
    'relying-party': 'it was signed for the service expected',
    signer: 'a person signed (and did not just log in)',
    payer: 'the person is the one expected',
  },
  path: {
    production: "the signer's certificate leads to BankID's root",
    test: "the signer's certificate leads to the root of BankID's test environment",
    unpinned: "the signer's certificate leads to the root given, which is not BankID's",
    none: "the signer's certificate leads to a root that is accepted here",
  },
  status: { passed: 'passed', failed: 'FAILED', indeterminate: 'OPEN', skipped: 'not checked' },
  text: 'What the signer saw',
  limits: 'What this does not say',
  limit: [
    "who held the phone: the signature shows that someone used this person's BankID and code",
    'whether the person understood the text, and signed of their own free will',
    'whether the payment was made, and whose the accounts are',
    'whether what else was recorded is true (circumstances.json): that is the word of the service',
  ],
  examined: (count) => `${count} examined`,
  unreadable: 'UNREADABLE',
  noEvidence: 'NO EVIDENCE',
  noSignatures: 'NO SIGNATURES',
  checkMessages: englishChecks,
  fileMessages: englishFiles,
  login: englishLogin,
};

export const languages = { en: english, sv: swedish } as const;

export function isLanguage(value: string): value is keyof typeof languages {
  return Object.hasOwn(languages, value);
}
