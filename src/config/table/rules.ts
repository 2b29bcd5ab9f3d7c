import { logLevels } from '../config.ts';
import { onOff, type SettingTable } from './setting.ts';

/** Who is registered, and the keys of the service. */
export const keysAndClients = {
  CLIENTS_FILE: {
    what: 'the registered clients: TPPs, banks, auditors, and clients that only let persons log in',
    form: { kind: 'file', of: 'a JSON array' },
    readBy: ['service'],
    required: true,
  },
  BRANDING_FILE: {
    what: "how each bank shows itself on the payer's pages: name, logo, colour, links",
    form: { kind: 'file', of: 'JSON' },
    readBy: ['service'],
    otherwise: 'the registered names alone',
  },
  EVIDENCE_KEY_FILE: {
    what: 'wraps the data key of each consent; once lost, the evidence under it is lost',
    form: { kind: 'file', of: 'JSON', closed: true },
    readBy: ['service'],
    required: true,
  },
  LOOKUP_KEY_FILE: {
    what: 'finds a person without storing the number, and makes the MACs over what was signed',
    form: { kind: 'file', of: 'JSON', closed: true },
    readBy: ['service'],
    required: true,
  },
  SUBJECT_KEY_FILE: {
    what: 'makes the pseudonym by which a client knows a person; exactly one key, never renewed',
    form: { kind: 'file', of: 'JSON', closed: true },
    readBy: ['service'],
    required: true,
  },
  SIGNING_KEYS_FILE: {
    what: 'sign tokens, verdicts and the ledger, and seal bundles and exports; the verifier has keys for verdicts only, or none',
    form: { kind: 'file', of: 'a JWK set', closed: true },
    readBy: ['service', 'verifier'],
    required: true,
  },
  SEAL_CERTIFICATE_FILE: {
    what: 'the certificate of the first key for seals, then those that lead to its root',
    form: { kind: 'file', of: 'certificates in PEM' },
    readBy: ['service'],
    required: 'with a key for seals in SIGNING_KEYS_FILE',
    otherwise: 'no bundles of evidence',
  },
} as const satisfies SettingTable;

/** What a signature must meet, and how long it is kept. */
export const rules = {
  MAX_RISK: {
    what: 'the highest risk indication of BankID that still authorises; `high` never does',
    form: { kind: 'word', words: ['low', 'moderate'] },
    readBy: ['service'],
    default: 'moderate',
  },
  REQUIRE_DEVICE_BINDING: {
    what: 'the relay rule: an order that was started by a link authorises only on the device of the bound browser. `false` turns it off',
    form: onOff,
    readBy: ['service'],
    default: 'true',
  },
  DPOP_NONCE: {
    what: 'whether each DPoP proof must carry a nonce of the service, which costs clients a second request now and then',
    form: { kind: 'word', words: ['off', 'required'] },
    readBy: ['service'],
    default: 'off',
  },
  LOGIN_ACR: {
    what: 'the `acr` of logins; name a level of assurance only if your service has been reviewed for it',
    form: { kind: 'text', of: 'a URI of up to 200 characters after its scheme, not that of payments' },
    readBy: ['service'],
    default: 'urn:sigill:acr:bankid-identification',
  },
  LOGIN_PHONE_ACR: {
    what: 'the `acr` of logins in phone calls',
    form: { kind: 'text', of: 'a URI of up to 200 characters after its scheme, not that of payments' },
    readBy: ['service'],
    default: 'urn:sigill:acr:bankid-identification-phone',
  },
  IDENTIFICATION_RETENTION_DAYS: {
    what: 'how many days the evidence of a login is kept from its receipt',
    form: { kind: 'number', min: 1, max: 400 },
    readBy: ['service'],
    default: '90',
  },
} as const satisfies SettingTable;

/** What vouches for the evidence outside of the database. */
export const ledger = {
  LEDGER_DIRECTORY: {
    what: "where the ledger's tiles and signed heads are kept: shared by all instances, backed up by another system than the database, and never restored with it",
    form: { kind: 'text', of: 'the absolute path of a folder' },
    readBy: ['service', 'steward'],
    required: true,
  },
  LEDGER_HEAD_SECONDS: {
    what: 'how often a log of the ledger that has grown gets a signed head',
    form: { kind: 'number', min: 1, max: 3600 },
    readBy: ['service'],
    default: '60',
  },
  TIMESTAMP_AUTHORITIES_FILE: {
    what: "the timestamping authorities (RFC 3161) that date each day's heads and the seals, in the order in which they are asked",
    form: { kind: 'file', of: 'JSON' },
    readBy: ['service'],
    required: 'in production',
    otherwise: 'nothing is timestamped, with a warning at the start',
  },
} as const satisfies SettingTable;

/** What leaves the house. */
export const exports = {
  EXPORT_DIRECTORY: {
    what: 'where results of exports are kept, sealed, for 72 hours: shared by all instances, not backed up',
    form: { kind: 'text', of: 'the absolute path of a folder' },
    readBy: ['service'],
    otherwise: 'no export can be ordered by API',
  },
} as const satisfies SettingTable;

export const operation = {
  WORKERS: {
    what: 'whether this instance collects, settles, notifies and sweeps besides answering requests; some instance must',
    form: onOff,
    readBy: ['service'],
    default: 'true',
  },
  LOG_LEVEL: {
    what: 'the lowest level that is logged, as JSON on standard error',
    form: { kind: 'word', words: logLevels },
    readBy: ['service', 'verifier'],
    default: 'info',
  },
} as const satisfies SettingTable;
