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
  readonly bankidCertificate?: string;
  readonly phoneLimits?: 'none';
}
