import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { JwsAlgorithm } from '../crypto/jose/jws.ts';
import { thumbprintOf } from '../crypto/jose/thumbprint.ts';
import type { VerifierKey } from '../crypto/tlog/verifier-key.ts';
import { DomainError } from '../kernel/errors.ts';
import type { ClientId } from '../kernel/ids.ts';
import type { BankPolicy } from '../payment/bank-policy.ts';
import type { AmountsByCurrency, Backchannel, ByPhone, Login } from './payer-ways.ts';
import type { TlsSubject } from './tls-subject.ts';

/** `tpp` pushes consents, `bank` consumes them, `auditor` reads the evidence of one bank, `rp` only lets persons log in. */
export const roles = ['tpp', 'bank', 'auditor', 'rp'] as const;
export type Role = (typeof roles)[number];

/** What a client may request by `client_credentials`. */
export type Scope = 'consents' | 'consume' | 'evidence' | 'exports';

/** Requests that are counted separately for each client. Revocations count as tokens. */
export const rateKinds = ['par', 'token', 'introspection', 'verification'] as const;
export type RateKind = (typeof rateKinds)[number];

/** The names of each algorithm in a header: RFC 9864 gave EdDSA with Ed25519 a name of its own. */
export const algorithmNames: Readonly<Record<JwsAlgorithm, readonly string[]>> = {
  ES256: ['ES256'],
  PS256: ['PS256'],
  EdDSA: ['EdDSA', 'Ed25519'],
};

const algorithms: ReadonlyMap<unknown, JwsAlgorithm> = new Map(
  (['ES256', 'PS256', 'EdDSA'] as const).flatMap((algorithm) =>
    algorithmNames[algorithm].map((name) => [name, algorithm]),
  ),
);

/** The algorithm that a header names; undefined for any other name. */
export function algorithmNamed(name: unknown): JwsAlgorithm | undefined {
  return algorithms.get(name);
}

/** A registered public key. It is used with exactly one algorithm, the one it was registered for. */
export interface ClientKey {
  readonly kid: string;
  readonly algorithm: JwsAlgorithm;
  readonly key: KeyObject;
}

/** A registered public key to which answers for this client are encrypted. */
export interface EncryptionKey {
  readonly kid: string;
  readonly algorithm: 'ECDH-ES' | 'RSA-OAEP-256';
  readonly key: KeyObject;
}

/** A witness of a bank's logs: it cosigns heads that are consistent with what it has seen. */
export interface Witness {
  /** Its submission prefix, without a slash at the end. */
  readonly url: string;
  readonly key: VerifierKey;
}

/** What a bank wants of its logs. */
export interface BankLedger {
  /** True: heads and tiles are served to everyone who knows the address. */
  readonly public: boolean;
  readonly witnesses: readonly Witness[];
}

/** The OpenID provider of a bank, which says who its employees are. */
export interface IdentityProvider {
  /** Compared as a string with `iss`. */
  readonly issuer: string;
  /** As which the provider knows `sigill approve`: a public client with PKCE (RFC 8252 §8.4). */
  readonly clientId: string;
  /** A person whose id_token has this value in this claim may approve exports. */
  readonly approver: { readonly claim: string; readonly value: string };
  /** True: an order need not name the person who orders, so the bank itself keeps the client's key from its approvers. */
  readonly unnamedRequester: boolean;
}

/** One entry of CLIENTS_FILE, checked. */
export interface Client {
  readonly id: ClientId;
  /** The registered name, as the payer reads it in the signed text. */
  readonly name: string;
  /** The number from the national authority, e.g. `PSDSE-FINA-44059`; empty for auditors without one, and for the role `rp`. */
  readonly authorisationNumber: string;
  readonly role: Role;
  /** An auditor's bank, by client id; undefined for the other roles. */
  readonly bank: ClientId | undefined;
  /** For its assertions and request objects; may be empty if it authenticates by certificate. */
  readonly keys: readonly ClientKey[];
  /** Set for tls_client_auth: the client then authenticates only by its certificate. */
  readonly tlsSubject: TlsSubject | undefined;
  /** For signed introspection answers; without it they leave out the payer. */
  readonly encryptionKey: EncryptionKey | undefined;
  /** Exact strings; empty for banks and auditors, and for clients that reach the payer by the backchannel alone. */
  readonly redirectUris: readonly string[];
  /** A bank's resource indicator (RFC 8707), the `aud` of its tokens; undefined for the other roles. */
  readonly resource: string | undefined;
  /** A bank's rules for signatures of payments, if it has any. */
  readonly policy?: BankPolicy;
  /** What a bank wants of its logs; without it they are not public, and no witness cosigns them. */
  readonly ledger?: BankLedger;
  /** A bank's provider, by which its employees approve exports; without it none can be approved. */
  readonly identityProvider?: IdentityProvider;
  /** The last month of a bank's financial year, 1 to 12; December without it. */
  readonly financialYearEnd?: number;
  /** A bank's highest amounts for payments that a TPP asks for in a call of its own; none in a currency that is not named. */
  readonly rpCallMaxAmounts?: AmountsByCurrency;
  /** The bank of requests that name none, for TPPs that cannot send `resource`. */
  readonly defaultResource?: string;
  readonly consentLifetimeMinutes: number;
  /** Set if its limits differ from the usual ones. */
  readonly requestsPerMinute?: Partial<Readonly<Record<RateKind, number>>>;
  /** True: a pushed request must already be bound to a DPoP key (RFC 9449 §10.1). */
  readonly dpopRequired: boolean;
  /** True: its tokens are bound to DPoP keys only, even if it shows a certificate (RFC 9449 §5.2). */
  readonly dpopBoundAccessTokens: boolean;
  /** True: it pushes signed request objects only (RFC 9101). */
  readonly requestObjectRequired: boolean;
  /** Set if it may send backchannel requests (OpenID CIBA Core §4). */
  readonly backchannel?: Backchannel;
  /** Set if it may request payments in phone calls. */
  readonly phonePayment?: ByPhone;
  /** Set if it may request logins in phone calls. */
  readonly phoneLogin?: ByPhone;
  /** True: a login by phone needs neither `binding_message` nor `operator_reference`. */
  readonly bindingMessageOptional: boolean;
  /** Set if persons may log in to it. */
  readonly login?: Login;
  /** The RP certificate of the ring whose holder is this client: the BankID app names that holder in phone calls and logins. */
  readonly bankidCertificate?: string;
  /** In the sandbox only: the limits of phone orders for each person do not hold for it. */
  readonly phoneLimits?: 'none';
}

/** A client that is a bank, and so has a resource indicator. */
export type Bank = Client & { readonly role: 'bank'; readonly resource: string };

/**
 * The scopes of each role. A TPP has no access to evidence, and an auditor none to the consent itself. A client that only lets
 * persons log in has no consents; with the scope of that name it reads the state of its backchannel requests.
 */
export const scopesOfRole: Readonly<Record<Role, readonly Scope[]>> = {
  tpp: ['consents'],
  bank: ['consents', 'consume', 'evidence'],
  auditor: ['evidence', 'exports'],
  rp: ['consents'],
};

/** The clients registered with this installation. Read once, at start-up. */
@Injectable()
export class Clients {
  readonly #byId: ReadonlyMap<string, Client>;
  readonly #thumbprints: ReadonlySet<string>;

  constructor(clients: readonly Client[]) {
    this.#byId = new Map(clients.map((client) => [client.id, client]));
    this.#thumbprints = new Set(clients.flatMap(({ keys }) => keys.map(({ key }) => thumbprintOf(key))));
  }

  findClient(id: string): Client | undefined {
    return this.#byId.get(id);
  }

  /** @throws DomainError `client.unknown` */
  getClient(id: string): Client {
    const client = this.findClient(id);
    if (!client) throw new DomainError('client.unknown');
    return client;
  }

  /** Whether this is the thumbprint (RFC 7638) of a key that any client has registered. */
  isRegisteredKey(jkt: string): boolean {
    return this.#thumbprints.has(jkt);
  }

  all(): readonly Client[] {
    return [...this.#byId.values()];
  }

  banks(): readonly Bank[] {
    return this.all().filter(isBank);
  }

  /** The bank that `resource` (RFC 8707 §2) names, compared as a string. */
  bankByResource(resource: string): Bank | undefined {
    return this.banks().find((bank) => bank.resource === resource);
  }
}

export function isBank(client: Client): client is Bank {
  return client.role === 'bank';
}
