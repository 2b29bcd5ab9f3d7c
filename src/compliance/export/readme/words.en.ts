import type { ReadmeWords } from './words.ts';

export const en: ReadmeWords = {
  title: 'Export of payment consents',
  lead: {
    list: 'This archive lists consents to payments that payers signed with BankID. It holds no signatures, and personal numbers are masked.',
    folders:
      'This archive holds consents to payments that payers signed with BankID, each in a folder with its evidence.',
    bundles:
      'This archive holds consents to payments that payers signed with BankID, each with its evidence in a sealed bundle.',
    jsonl:
      'This archive holds consents to payments that payers signed with BankID, each with its evidence on a line of JSON.',
  },
  personal: 'It holds personal data. The person who has it is responsible for it.',
  testBanner: 'Test environment – nothing here is real.',
  order: {
    title: 'Who ordered it, and why',
    id: 'Export',
    by: 'Ordered by',
    why: 'Purpose',
    caseReference: 'Case',
    orderedAt: 'Ordered',
    madeAt: 'Made',
    approval: 'Approval',
    software: 'Software',
    environment: 'Environment',
    approvedBy: (issuer, at) =>
      `A second person approved the order on ${at}, by logging in at ${issuer}, the bank’s own identity provider.`,
    breakGlass: (caseReference) =>
      `It was not approved. An operator of the service took it out directly, in the case ${caseReference}, which was recorded before the first byte was written.`,
    notNeeded: 'None is needed: it holds no signatures, or those of a single consent that was named.',
    notAsked: 'None was asked for.',
  },
  filter: {
    title: 'What was asked for',
    period: 'Authorised',
    periodOf: (from, to) => `from ${from} until, but not at, ${to}`,
    days: 'Days in Sweden',
    daysOf: (first, last) => `${first} to ${last}, both included`,
    bank: 'Bank',
    everyBank: 'every bank of the service',
    tpp: 'Only of the TPP',
    consent: 'Only the consent',
    reference: 'Only the payment reference',
    payer: 'Only of a person',
    payerNamed: 'yes; the number was named in the order and is not repeated here',
    states: 'Only in the states',
  },
  totals: {
    title: 'Totals',
    count: 'Consents',
    sum: 'Sum',
    state: 'State',
    all: 'All',
    none: '–',
  },
  states: {
    signed: 'signed',
    declined: 'declined',
    'awaiting-authorisation': 'awaiting authorisation',
    authorised: 'authorised, not used',
    consumed: 'consumed: used for the payment',
    rejected: 'rejected',
    expired: 'expired',
    revoked: 'revoked',
  },
  omitted: {
    title: 'What is not here',
    erased: (count) =>
      count === 0
        ? 'No evidence of what was asked for had been erased.'
        : `Evidence of ${count} consents of what was asked for was erased at the end of its retention, and is not here.`,
    unknown:
      'This export is not compared with the ledger of the bank, so it is the word of the exporter that nothing else is missing.',
    ledger: (first, last, exported) =>
      `In the ledger of the bank, numbers ${first} to ${last} fall in the period. ${exported} of them are here; ledger.jsonl names each of the others and why it is left out.`,
    reason: 'Left out because',
    nothing: 'No number is left out.',
    reasons: {
      'other-tpp': 'it is of another TPP',
      'other-state': 'it is in another state',
      'outside-period': 'it was authorised outside the period',
      refused: 'the signature was refused, and authorised nothing',
      surplus: 'the signature came when none was awaited, and authorised nothing',
      erased: 'it was erased at the end of its retention',
      lost: 'it was lost when the database was set back',
      'not-named': 'the order names another consent, reference or person',
    },
  },
  files: {
    title: 'What each file is',
    file: 'File',
    what: 'What',
    beside: {
      'README.html': 'this page',
      'index.csv': 'a line for each consent, for programs: RFC 4180, times in UTC; personal numbers are masked',
      'index.sv.csv':
        'the same for a spreadsheet in Sweden: semicolons, decimal comma, Swedish time, long numbers kept as text',
      'folders.sha256': 'SHA-256 of the VERIFY.txt of each folder, which has that of every other file in it',
      'ledger.jsonl':
        'a line for each number of the ledger in the period: its digest, and where it is or why it is left out',
      'ledger-range.json': 'proof that these numbers are in the ledger as it was signed',
      'evidence.jsonl': 'the evidence, one JSON object a line',
      'manifest.json': 'what was ordered and how much is here, with the SHA-256 of each file beside the folders',
      'manifest.p7s': 'seal over manifest.json: a CAdES signature with a timestamp and revocation lists',
    },
    folder: {
      list: [['report.sv.txt, report.en.txt', 'the stored report for people, with the personal number masked']],
      folders: [
        ['consent.json', 'the payment that was signed'],
        ['visible-text.txt', 'the text that the payer read in BankID'],
        ['signature.b64, ocsp.b64', "BankID's signature and its answer on the certificate, as they were delivered"],
        ['circumstances.json', 'when, from where and by which software it was asked for and answered'],
        ['report.json', 'what the verification found when the evidence was stored'],
        ['VERIFY.txt, verify.sh', 'how to verify the folder, and a script that does it with xmlsec1 and openssl'],
        ['report.sv.txt, report.en.txt', 'the stored report for people, with the personal number masked'],
        ['audit.jsonl', 'what happened to the consent, from the request to each reading, a line for each event'],
      ],
      bundles: [
        [
          'evidence.asice',
          'the evidence folder, its place in the ledger and a seal over both (ASiC-E, ETSI EN 319 162-1)',
        ],
        ['report.sv.txt, report.en.txt', 'the stored report for people, with the personal number masked'],
        ['audit.jsonl', 'what happened to the consent, from the request to each reading, a line for each event'],
      ],
      jsonl: [['audit.jsonl', 'what happened to the consent, from the request to each reading, a line for each event']],
    },
  },
  check: {
    title: 'How to check it',
    lead: 'Nothing of this needs the service, its database or an account. Every check is of files that you have.',
    sigill: 'With Sigill: the seal, each signature, each line of the index, the count and the sums.',
    others: 'With tools of others, in a directory into which the archive is unpacked:',
    steps: {
      seal: 'The seal is of this manifest. ROOT.pem is the certificate of the authority that issued the one of the seal:',
      manifest: 'The manifest has the SHA-256 of each file beside the folders:',
      folders: 'Each folder is as it was when it was packed:',
      folder:
        'The evidence in a folder is genuine; the script needs xmlsec1 and openssl, and says so if they are missing:',
      bundle: 'A bundle is unpacked like a ZIP, and checked in the same way:',
    },
    roots:
      'Get the root of BankID from BankID, and the certificates of the seal and of the timestamp authority from their issuers; one that comes in the same archive proves nothing.',
  },
  kept: {
    title: 'How long it is kept',
    sentences: [
      'The service keeps the result of an order encrypted for 72 hours, for the client that ordered it, and then destroys its key. It keeps no other copy.',
      'This copy is in your hands. Delete it when the purpose for which it was ordered is fulfilled.',
      'The evidence stays in the service to the end of its retention: at least to the end of the seventh year after the calendar year in which the financial year of the bank ended (Swedish Bookkeeping Act 1999:1078, chapter 7, section 2), and longer under a legal hold.',
      'That it was exported stands in the audit trail of the bank, with its purpose and who ordered it.',
    ],
  },
};
