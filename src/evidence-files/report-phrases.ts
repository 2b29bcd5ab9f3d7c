import { englishChecks } from '../verification/messages.en.ts';
import type { CheckMessages, Texts } from '../verification/messages.ts';
import type { CheckId, CheckRow, Indication, Report, WarningId } from '../verification/report.ts';
import { type ArchiveWarningId, englishFiles, type FileMessages } from './file-messages.ts';
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
  readonly seal: string;
  /** For files that get no verdict. */
  readonly unreadable: string;
  readonly noEvidence: string;
  readonly checkMessages: Texts<CheckMessages>;
  readonly fileMessages: Texts<FileMessages>;
}

const english: ReportPhrases = {
  summary: {
    'TOTAL-PASSED': 'Every check passed.',
    'TOTAL-FAILED': 'This is not a genuine BankID signature, or it was revoked or not valid when it was made.',
    INDETERMINATE: 'Nothing shows that this is forged, but what is here does not prove that it is genuine and meant.',
    'no-match': 'What came with the signature is NOT what was signed; what the signer saw is at the end.',
    'not-meant':
      'The signature is NOT the one expected: it was made for another service, by another person or for another end.',
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
  relyingParty: 'relying party',
  relyingPartyUnverified: '(not verified: give --rp)',
  matches: 'matches',
  match: { yes: 'yes', no: 'no', 'not-compared': 'not compared: only the signature was checked' },
  matchInList: { yes: 'yes', no: 'no', 'not-compared': 'not-compared' },
  payer: 'payer',
  payerKinds: {
    bound: 'named when the consent was asked for',
    unbound: 'the person who signed: no payer was named when the consent was asked for',
    'not-compared': 'not compared',
  },
  trustAnchor: 'trust anchor',
  none: 'none',
  warning: 'warning',
  warnings: {
    'relying-party-unverified': 'no relying party was given to compare with',
    'poe.responder-only': 'the time rests on the OCSP responder alone, whose certificate has expired since',
    'sha1-ocsp': 'the OCSP response is signed over SHA-1; you vouch for its age',
    'payer-number-not-compared': 'the personal number that was named is not among what was signed',
    'receipt-time-not-compared': 'when the signature was received is not among what was signed',
    'report-verdict-differs': 'report.json gives another verdict than this one',
    'circumstances-name-differs': 'circumstances.json calls the signer by another name than the certificate does',
    'request-object-not-verified':
      "request-object.jwt is the provider's own word: its keys verify it, nothing here does",
    'visible-text-not-utf8': 'the text that was signed is not UTF-8: it cannot be shown',
    'base64-unwrapped': 'the base64 was wrapped into lines, and was verified without the line ends',
    'client-info-unknown-element': 'the BankID app recorded something that this version does not know',
  },
  archiveWarnings: {
    'manifest.seal-missing': 'the manifest has no seal',
    'manifest.seal-invalid': 'the seal is not one of this manifest: the export was changed',
    'manifest.seal-key-not-compared': 'the manifest is sealed, by a key that you did not name: --seal-key',
    'manifest.seal-key-unknown': 'the manifest is sealed by none of the keys of --seal-key',
    'manifest.missing-or-malformed': 'the export has no manifest that can be read',
    'manifest.count-differs': 'the manifest counts another number of consents',
    'manifest.file-missing': 'a file that the manifest names is missing',
    'manifest.file-not-listed': 'a file that the manifest does not name',
    'manifest.sums-differ': 'the manifest names other sums than were signed',
    'manifest.environment-differs': 'the manifest names another environment than was signed',
    'manifest.file-changed': 'a file is not the one that the manifest names',
    'folders.missing': 'the list of folders is missing',
    'folders.malformed': 'the list of folders cannot be read, or names a folder twice',
    'index.missing': 'the export has no index.csv',
    'index.malformed': 'index.csv is not one as Sigill writes it',
    'index.row-missing': 'index.csv has no line for this folder',
    'index.row-twice': 'index.csv has more than one line for this folder',
    'index.row-unknown': 'index.csv has a line for a folder that is not here',
    'index.row-differs': 'index.csv says something else than was signed',
    'folder.name-differs': 'a folder is not named by the consent that was signed',
    'folder.consent-twice': 'the same consent is in more than one folder',
    'folder.without-evidence': 'a folder holds no signature',
    'archive.foreign-file': 'a file beside the evidence folder',
    'archive.file-refused': 'a file cannot be read, or its archive contradicts itself',
  },
  checks: 'What was checked',
  check: {
    structure: "the document has exactly BankID's form",
    digests: 'what it says is what was signed, to the byte',
    'signature-value': "the signature was made with the signer's key",
    algorithms: 'no algorithm in it is too weak',
    ocsp: 'the statement about the certificate (OCSP) is genuine',
    certid: "it is about the signer's certificate",
    status: 'it says that the certificate was good',
    nonce: 'it was made for this very signature',
    times: 'every certificate was valid at that time',
    'order-start': 'it was signed after it was asked for',
    receipt: 'it was signed before it was received',
    content: 'text and data are those of the consent',
    'relying-party': 'it was signed for the service expected',
    signer: 'a person signed (and did not just log in)',
    payer: 'the person is the one expected',
  },
  path: {
    production: "the signer's certificate leads to BankID's root",
    test: "the signer's certificate leads to the root of BankID's test environment",
    unpinned: "the signer's certificate leads to the root given, which is none of BankID's",
    none: "the signer's certificate leads to a root that counts here",
  },
  status: { passed: 'passed', failed: 'FAILED', indeterminate: 'OPEN', skipped: 'not checked' },
  text: 'What the signer saw',
  limits: 'What this does not say',
  limit: [
    "who held the phone: the signature shows that someone used this person's BankID and code",
    'whether the person understood the text, and signed of their own free will',
    'whether the payment was made, and whose the accounts are',
    'whether what was recorded besides is so (circumstances.json): that is the word of the service',
  ],
  examined: (count) => `${count} examined`,
  seal: 'manifest sealed by the key',
  unreadable: 'UNREADABLE',
  noEvidence: 'NO EVIDENCE',
  checkMessages: englishChecks,
  fileMessages: englishFiles,
};

export const languages = { en: english, sv: swedish } as const;

export function isLanguage(value: string): value is keyof typeof languages {
  return Object.hasOwn(languages, value);
}
