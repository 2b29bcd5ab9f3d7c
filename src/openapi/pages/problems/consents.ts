import type { Explanation } from './explanation.ts';

/** Problems of consents and their evidence. */
export const consents = {
  'consent.not-found': {
    meaning: 'There is no consent with this identifier that the caller may read.',
    causes: [
      'The consent belongs to another TPP or another bank, for whom alone it exists.',
      'The identifier is misspelt.',
    ],
    remedy: 'Use consent_id of the answer to your push, or of the introspection.',
  },
  'consent.not-awaiting-authorisation': {
    meaning: 'The payer has already authorised or declined the consent, or it has ended.',
    causes: ['The payer was faster.', 'The time of the consent is over.'],
    remedy: 'Read the consent: its state says what became of it.',
  },
  'consent.not-authorised': {
    meaning: 'Only an authorised consent can be consumed or revoked; the member state has the state of this one.',
    causes: [
      'It was consumed, revoked or has expired: 15 minutes after the payer came back.',
      'The payer has not signed.',
    ],
    remedy: 'Do not execute the payment. If it is still wanted, the TPP pushes a new consent.',
  },
  'consent.payment-differs': {
    meaning: 'The payment is not the one that the payer signed; pointer names the first member that differs.',
    causes: [
      'The bank has shortened a text or changed its letters.',
      'The reference was left out, or sent as a text.',
      'Another payment of the same TPP was consumed with this token.',
    ],
    remedy:
      'Consume with the payment of the introspection answer, member by member. Nothing was changed, so the right call succeeds.',
  },
  'consent.payer-differs': {
    meaning: 'The payer is not the person who signed.',
    causes: [
      'The account belongs to another person than the one who signed.',
      'The holder of the account was looked up wrongly.',
    ],
    remedy:
      'Do not execute the payment. The introspection says who signed; whether that person may use the account, the bank alone knows.',
  },
  'consent.token-differs': {
    meaning: 'The access token is not the live token of this consent.',
    causes: [
      'The token has expired or was revoked.',
      'The hash is not base64url of the SHA-256 of the token as it was sent.',
      'The token is of another consent.',
    ],
    remedy: 'Introspect the token first: consent_id says which consent it is for, active whether it is alive.',
  },
  'consent.reference-used': {
    meaning: 'The payment reference belongs to another consent.',
    causes: ['A reference was used for two payments.'],
    remedy: 'Use a reference of its own for each payment.',
  },
  'consent.reference-body-differs': {
    meaning: 'The payment reference was used before, with another body.',
    causes: ['A repeated call was made anew, and differs in payment, payer or token.'],
    remedy: 'Repeat a call exactly as it was: it gets the first answer.',
  },
  'consent.not-consumed': {
    meaning: 'An execution can only be reported for a consumed consent.',
    causes: ['The report came before the consumption was answered.'],
    remedy: 'Consume first; a payment that was executed without it is no payment of this service.',
  },
  'consent.execution-reported': {
    meaning: 'Another outcome has been reported for this execution.',
    causes: ['Two systems of the bank report, and differ.'],
    remedy: 'The first report stands. Tell the operator if it was wrong.',
  },
  'consent.altered': {
    meaning: 'The stored consent is not what was pushed or signed, so it must not be paid.',
    causes: ['A row of the database was changed behind the service.'],
    remedy: 'Do not execute the payment, and tell the operator the request id.',
  },
  'consent.attempts-exhausted': {
    meaning: 'The payer has used all attempts to sign.',
    causes: ['The signature failed five times, or the button was pressed ten times.'],
    remedy: 'Push a new consent if the payer wants to try again.',
  },
  'consent.too-many-orders': {
    meaning: 'Too many BankID orders were started for this payment or this payer in a short time.',
    causes: ['The payer pressed the button again and again.', 'Several payments of one person were started at once.'],
    remedy: 'Wait for as many seconds as Retry-After says.',
  },
  'evidence.not-found': {
    meaning: 'There is no evidence with this identifier that the caller may read.',
    causes: ['It belongs to another bank.', 'It was erased at the end of its retention.'],
    remedy: 'Find the evidence by its consent, GET /consents/{id}/evidence.',
  },
  'evidence.none': {
    meaning: 'The upload holds no evidence that can be verified.',
    causes: ['The file is a report or an index, and no evidence.', 'The ZIP has no folder with signature.b64.'],
    remedy: 'Upload one folder of an export as a ZIP, or the signature with its OCSP response.',
  },
  'evidence.no-bundle': {
    meaning: 'This installation seals no bundles: it has no certificate for seals.',
    causes: ['Its operator has not set SEAL_CERTIFICATE_FILE.'],
    remedy: 'Accept application/zip, the same files without a seal; ask the operator for a seal certificate.',
  },
  'evidence.not-sealable': {
    meaning: 'The bundle cannot be sealed at present.',
    causes: [
      'No timestamp authority answers.',
      'The list of revoked certificates is not to be had.',
      'The certificate for seals has expired.',
    ],
    remedy: 'Wait for as many seconds as Retry-After says, or accept application/zip, the same files without a seal.',
  },
  'export.not-found': {
    meaning: 'There is no export with this identifier that the caller may see.',
    causes: ['Another client ordered it, for whom alone it exists.', 'The identifier is misspelt.'],
    remedy: 'Use the client that ordered the export, or order it again.',
  },
  'export.no-approver': {
    meaning:
      'Signatures of more than one consent need the approval of a second person, and the bank has registered no identity provider that could name one.',
    causes: ['The order is for folders of a period.'],
    remedy:
      'Order a list, which has no signatures, or the folders of one consent by its id; or have the bank register its identityProvider.',
  },
  'export.not-ready': {
    meaning: 'The export has no result yet.',
    causes: ['It awaits approval, waits for its turn, or is being written.'],
    remedy: 'Ask GET /exports/{id} with Prefer: wait=20 until its state is ready.',
  },
  'export.gone': {
    meaning: 'The export has no result, and will have none.',
    causes: [
      'It is older than 72 hours.',
      'It was deleted, or it failed.',
      'Evidence that was in it was erased at the end of its retention.',
    ],
    remedy: 'Order it again.',
  },
  'export.unavailable': {
    meaning: 'Exports cannot be written or read at present. Payments are authorised meanwhile.',
    causes: [
      'The folder of their results is not there.',
      'The operator has not set EXPORT_DIRECTORY.',
      'The file of this result is missing, or not as it was written.',
    ],
    remedy: 'Send the request again after Retry-After; if it lasts, ask the operator.',
  },
  'ledger.not-found': {
    meaning: 'There is no log at this address that the caller may read, or the log has no such file.',
    causes: [
      'It is the log of another bank.',
      'No head of the log is published yet.',
      'A tile is asked for that no published tree has.',
    ],
    remedy:
      'Read the address of your log from the origin of a checkpoint, and ask for tiles of the size that it states.',
  },
  'ledger.unavailable': {
    meaning: 'The ledger cannot be read at present. Payments are authorised meanwhile.',
    causes: ['The folder of its tiles cannot be reached.', 'No published head has the evidence yet.'],
    remedy: 'Send the request again after Retry-After.',
  },
} as const satisfies Readonly<Record<string, Explanation>>;
