import { roles, type Role } from '../clients.ts';
import { lifetimeMinutes } from './forms.ts';

/** One member of an entry of CLIENTS_FILE, as its readers need to know it. */
export interface Member {
  readonly roles: readonly Role[];
  readonly what: string;
  readonly default?: string | number | boolean;
}

/** Every member of an entry, with the roles that it belongs to. Parser, JSON Schema and document follow it. */
export const members = {
  id: { roles, what: 'The client id of OAuth, unique in the file.' },
  name: {
    roles,
    what: 'The registered name, as the payer reads it in the text to be signed; it may not read like one of its lines or an amount.',
  },
  authorisationNumber: {
    roles: ['tpp', 'bank', 'auditor'],
    what: 'The number from the national authority. Required for tpp and bank.',
  },
  role: {
    roles,
    what: 'What the client does: push consents, consume them, read evidence, or only let persons log in.',
  },
  bank: { roles: ['auditor'], what: 'The id of the one bank whose evidence the auditor reads.' },
  jwks: {
    roles,
    what: 'The public keys with which it signs assertions and request objects. May be left out with tlsClientAuth, unless it signs requests.',
  },
  tlsClientAuth: {
    roles,
    what: 'It authenticates by certificate alone (RFC 8705 §2.1): exactly one field of the certificate, and its value.',
  },
  encryptionJwk: {
    roles,
    what: 'The public key to which signed introspection answers are encrypted; without it they leave out the payer.',
  },
  redirectUris: {
    roles: ['tpp', 'rp'],
    what: 'Where browsers return with a code, compared as strings. May be left out with backchannel.',
  },
  resource: {
    roles: ['bank'],
    what: 'The resource indicator (RFC 8707) of the bank, the aud of its tokens; unique in the file.',
  },
  policy: { roles: ['bank'], what: 'Rules for the signatures of payments at this bank; all that apply must be met.' },
  ledger: { roles: ['bank'], what: 'Who may read the logs of the bank, and which witnesses cosign their heads.' },
  identityProvider: {
    roles: ['bank'],
    what: 'The OpenID provider of the bank, by which its employees approve exports of signatures; without it none can be approved.',
  },
  financialYearEnd: {
    roles: ['bank'],
    what: 'The last month of its financial year, 1 to 12: evidence of what was authorised is kept to the end of the seventh year after the calendar year in which it ends.',
    default: 12,
  },
  rpCallMaxAmounts: {
    roles: ['bank'],
    what: 'By currency, the highest amount of a payment that a TPP asks for in a call that it began; none in a currency that is not named.',
  },
  defaultResource: {
    roles: ['tpp'],
    what: 'The resource of the bank that requests without resource are for.',
  },
  consentLifetimeMinutes: {
    roles,
    what: 'How long a pushed consent lives, in minutes.',
    default: lifetimeMinutes.default,
  },
  requestsPerMinute: { roles, what: 'Other limits than the usual ones.' },
  dpopRequired: {
    roles,
    what: 'A pushed request must already be bound to a DPoP key (RFC 9449 §10.1).',
    default: false,
  },
  dpopBoundAccessTokens: {
    roles,
    what: 'Its tokens are bound to DPoP keys only, even if it presents a certificate (RFC 9449 §5.2).',
    default: false,
  },
  requestObjectRequired: {
    roles,
    what: 'It must sign each push (RFC 9101) with a key of its jwks.',
    default: false,
  },
  backchannel: {
    roles: ['tpp', 'rp'],
    what: 'It may send backchannel requests (OpenID CIBA), each signed with a key of its jwks.',
  },
  phonePayment: { roles: ['tpp'], what: 'It may ask for payments in phone calls.' },
  phoneLogin: { roles: ['tpp', 'rp'], what: 'It may ask persons to log in in phone calls.' },
  bindingMessageOptional: {
    roles: ['tpp', 'rp'],
    what: 'A login by phone needs neither binding_message nor operator_reference, so the person cannot compare a code.',
    default: false,
  },
  login: { roles: ['tpp', 'rp'], what: 'Persons may log in to it. Required for rp.' },
  bankidCertificate: {
    roles: ['tpp', 'rp'],
    what: 'The id, in BANKID_CERTIFICATES_FILE, of the RP certificate whose holder is this client. Required for phone calls and logins.',
  },
  phoneLimits: { roles: ['tpp', 'rp'], what: 'none: no limits of phone orders for each person. In the sandbox only.' },
} as const satisfies Readonly<Record<string, Member>>;

export type MemberName = keyof typeof members;

export const memberNames: ReadonlySet<string> = new Set(Object.keys(members));

export function isOfRole(member: MemberName, role: Role): boolean {
  return (members[member].roles as readonly Role[]).includes(role);
}
