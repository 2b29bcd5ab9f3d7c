import type { IdentityProvider } from '../src/clients/clients.ts';
import type { BackchannelWay, CallInitiator } from '../src/clients/payer-ways.ts';

/** An entry of the sandbox's CLIENTS_FILE, without its keys. */
export interface Registration {
  readonly id: string;
  readonly name: string;
  readonly authorisationNumber?: string;
  readonly role: 'tpp' | 'bank' | 'auditor' | 'rp';
  readonly bank?: string;
  readonly resource?: string;
  readonly redirectUris?: readonly string[];
  readonly defaultResource?: string;
  readonly tlsClientAuth?: { readonly tls_client_auth_subject_dn: string };
  readonly requestObjectRequired?: boolean;
  readonly dpopRequired?: boolean;
  readonly dpopBoundAccessTokens?: boolean;
  readonly requestsPerMinute?: Readonly<Record<string, number>>;
  readonly backchannel?: {
    readonly ways: readonly BackchannelWay[];
    readonly delivery: 'poll' | 'ping';
    readonly notificationEndpoint?: string;
    readonly returnUris?: readonly string[];
  };
  readonly phonePayment?: { readonly initiators?: readonly CallInitiator[] };
  readonly phoneLogin?: { readonly initiators?: readonly CallInitiator[] };
  readonly bindingMessageOptional?: boolean;
  readonly login?: {
    readonly scopes: readonly string[];
    readonly loginOnly?: boolean;
    readonly userinfoSignedResponseAlg?: string;
  };
  /** Of a bank. */
  readonly policy?: readonly { readonly name: string; readonly minBankIdAgeDays?: number }[];
  readonly identityProvider?: IdentityProvider;
  readonly bankidCertificate?: string;
  readonly phoneLimits?: 'none';
}

/** As which the providers of the banks know `sigill approve`. */
export const APPROVAL_CLIENT = 'sigill';
export const APPROVER_ROLE = 'sigill-approver';

/** The issuer of a bank's identity provider. */
export function issuerOf(origin: string, bank: string): string {
  return `${origin}/${bank}`;
}

/** At the one bank a person must order too; at the other the client may. */
export function withProviders<T extends { readonly bank: Registration; readonly otherBank: Registration }>(
  registrations: T,
  origin: string | undefined,
): T {
  if (origin === undefined) return registrations;
  const { bank, otherBank } = registrations;
  return {
    ...registrations,
    bank: { ...bank, identityProvider: providerOf(origin, bank.id, false) },
    otherBank: { ...otherBank, identityProvider: providerOf(origin, otherBank.id, true) },
  };
}

function providerOf(origin: string, bank: string, unnamedRequester: boolean): IdentityProvider {
  const approver = { claim: 'roles', value: APPROVER_ROLE };
  return { issuer: issuerOf(origin, bank), clientId: APPROVAL_CLIENT, approver, unnamedRequester };
}
