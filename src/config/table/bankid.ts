import type { SettingTable } from './setting.ts';

/** How BankID is reached, and as whom. */
export const bankId = {
  BANKID_URL: {
    what: "BankID's RP API of the environment; in the sandbox, the simulator on this machine",
    form: {
      kind: 'text',
      of: '`https://appapi2.bankid.com/rp/v6.0/` in production, `https://appapi2.test.bankid.com/rp/v6.0/` in bankid-test',
    },
    readBy: ['service'],
    required: true,
    decisive: 'always',
  },
  BANKID_TLS_ROOT_FILE: {
    what: "the only root that may vouch for BankID's server; outside the sandbox pinned by fingerprint",
    form: { kind: 'file', of: 'exactly one certificate in PEM' },
    readBy: ['service'],
    required: true,
    decisive: 'always',
  },
  BANKID_SIGNATURE_ROOT_FILE: {
    what: "the only root that may vouch for a payer's signature; outside the sandbox pinned by fingerprint",
    form: { kind: 'file', of: 'exactly one certificate in PEM' },
    readBy: ['service', 'verifier'],
    required: true,
    decisive: 'always',
  },
  BANKID_P12_FILE: {
    what: 'the RP certificate from your bank with its key: the default one, for payments in browser, app and QR code',
    form: { kind: 'file', of: 'PKCS #12', closed: true },
    readBy: ['service'],
    required: 'without BANKID_CERTIFICATE_FILE and BANKID_KEY_FILE',
    decisive: 'always',
  },
  BANKID_P12_PASSPHRASE: {
    what: 'what opens BANKID_P12_FILE',
    form: { kind: 'text', of: 'a passphrase' },
    readBy: ['service'],
    required: 'with BANKID_P12_FILE',
    secret: true,
    decisive: 'always',
  },
  BANKID_CERTIFICATE_FILE: {
    what: 'the same RP certificate in PEM, in place of BANKID_P12_FILE',
    form: { kind: 'file', of: 'a certificate in PEM' },
    readBy: ['service'],
    required: 'without BANKID_P12_FILE',
    decisive: 'always',
  },
  BANKID_KEY_FILE: {
    what: 'the key of BANKID_CERTIFICATE_FILE',
    form: { kind: 'file', of: 'an unencrypted private key in PEM', closed: true },
    readBy: ['service'],
    required: 'without BANKID_P12_FILE',
    decisive: 'always',
  },
  BANKID_CERTIFICATES_FILE: {
    what: 'RP certificates of other holders, for phone calls and logins',
    form: { kind: 'file', of: 'JSON', closed: true },
    readBy: ['service'],
    otherwise: 'no phone calls and no logins',
    decisive: 'always',
  },
  BANKID_APP_URL: {
    what: 'the pretend BankID app, which a browser on this machine opens in place of the real one',
    form: { kind: 'text', of: 'a URL on loopback' },
    readBy: ['service'],
    environments: ['sandbox'],
    otherwise: "BankID's own app",
    decisive: 'always',
  },
} as const satisfies SettingTable;

/** The verifier that runs by itself, besides what it shares with the service. */
export const verifier = {
  VERIFIER_CERTIFICATE_FILE: {
    what: 'the certificate of the verifier',
    form: { kind: 'file', of: 'a certificate in PEM' },
    readBy: ['verifier'],
    required: 'outside the sandbox',
    otherwise: 'plain http on loopback',
  },
  VERIFIER_KEY_FILE: {
    what: 'its key',
    form: { kind: 'file', of: 'an unencrypted private key in PEM', closed: true },
    readBy: ['verifier'],
    required: 'outside the sandbox',
    otherwise: 'plain http on loopback',
  },
  VERIFIER_CLIENT_CA_FILE: {
    what: 'callers with a certificate of this authority are admitted',
    form: { kind: 'file', of: 'a certificate in PEM' },
    readBy: ['verifier'],
    required: 'outside the sandbox',
    otherwise: 'every caller on this machine is admitted',
  },
  VERIFIER_RELYING_PARTY: {
    what: 'the relying party that signatures must be made for, as BankID names it in them',
    form: { kind: 'text', of: 'a name' },
    readBy: ['verifier'],
    otherwise: 'any, with a warning in each report',
  },
  VERIFIER_SEAL_TRUST_FILE: {
    what: 'who may have issued the certificate of a seal',
    form: { kind: 'file', of: 'certificates in PEM' },
    readBy: ['verifier'],
    otherwise: 'the issuer of every seal is reported as untrusted',
  },
  VERIFIER_TIMESTAMP_TRUST_FILE: {
    what: 'who may have issued the certificate of a timestamp authority',
    form: { kind: 'file', of: 'certificates in PEM' },
    readBy: ['verifier'],
    otherwise: 'every timestamp is reported as untrusted',
  },
  VERIFIER_LEDGER_KEYS_FILE: {
    what: 'keys of ledgers and witnesses, of which one must have signed a checkpoint',
    form: { kind: 'file', of: 'verifier keys (C2SP signed-note), one a line' },
    readBy: ['verifier'],
    otherwise: 'no signature of a checkpoint is verified',
  },
} as const satisfies SettingTable;
