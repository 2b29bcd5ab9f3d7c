import type { JsonWebKey } from 'node:crypto';
import type { Branding } from '../design/brand.ts';
import type { Environment } from '../kernel/environment.ts';
import type { KeyRing } from './key-ring.ts';
import type { Secret } from '../kernel/secret.ts';

/** Injection token of the {@link AppConfig}. */
export const CONFIG = Symbol('CONFIG');

/** The configuration of the whole service, parsed once at start-up (`parse-config.ts`). */
export interface AppConfig {
  readonly environment: Environment;
  /** OAuth issuer: an origin without a trailing slash; also the base of all our links. */
  readonly issuer: string;
  readonly host: string;
  readonly port: number;
  readonly metricsPort: number;
  /** The URL also says how the server is verified: `sslmode` and `sslrootcert`. */
  readonly database: { readonly url: Secret };
  readonly bankid: BankIdConfig;
  /** The JSON of CLIENTS_FILE, unparsed; `clients/parse-clients.ts` gives it its type. */
  readonly clients: unknown;
  readonly evidenceKeys: KeyRing;
  readonly lookupKeys: KeyRing;
  /** For the pairwise `sub`: one key, never rotated. */
  readonly subjectKeys: KeyRing;
  readonly signingKeys: readonly SigningKeyConfig[];
  /** Undefined if this installation seals no bundles. */
  readonly seal: SealConfig | undefined;
  /** Addresses or CIDR ranges whose X-Forwarded-For and Client-Cert (RFC 9440) are trusted. */
  readonly trustedProxies: readonly string[];
  readonly logLevel: LogLevel;
  /** Whether this instance runs collector, settler and sweepers besides answering requests. */
  readonly workers: boolean;
  /** The highest BankID risk level that may authorise; `high` never does. */
  readonly maxRisk: 'low' | 'moderate';
  /** The relay rule: an order started by a link authorises only on the device of the bound browser. */
  readonly requireDeviceBinding: boolean;
  /** How long the evidence of a login is kept, from its receipt. */
  readonly identificationRetentionDays: number;
  /** `acr` of logins (OpenID Connect Core §2): in a phone call, and otherwise. */
  readonly loginAcr: { readonly phone: string; readonly other: string };
  /** Whether a DPoP proof must carry a nonce of ours (RFC 9449 §8). */
  readonly dpopNonce: boolean;
  readonly ledger: LedgerConfig;
  /** Where results of exports are kept: an absolute path, shared by all instances. Undefined if none can be ordered. */
  readonly exportDirectory: string | undefined;
  /** In the order in which they are asked. Empty if nothing is timestamped. */
  readonly timestampAuthorities: readonly TimestampAuthorityConfig[];
  /** Undefined if a proxy terminates TLS, and in a sandbox without TLS. */
  readonly tls: TlsConfig | undefined;
  /** Undefined if client certificates are not accepted. */
  readonly mtls: MtlsConfig | undefined;
  readonly notifications: NotificationConfig;
  /** How each bank shows itself on the payer's pages. */
  readonly branding: Branding;
}

/** What is kept of the ledger outside of the database. */
export interface LedgerConfig {
  /** An absolute path, shared by all instances. Whether it can be written is found out while the service runs. */
  readonly directory: string;
  /** How often a log that has grown gets a signed head. */
  readonly headSeconds: number;
}

/** A timestamping authority (RFC 3161). */
export interface TimestampAuthorityConfig {
  readonly url: string;
  /** DER: certificates of the authority, or of those that issue its certificates. */
  readonly trust: readonly Buffer[];
  /** Dotted OIDs of the policies that are accepted; undefined accepts any. */
  readonly policies: readonly string[] | undefined;
}

/** Where clients are notified of the outcome of their backchannel requests (OpenID CIBA Core §10.2). */
export interface NotificationConfig {
  /** In the sandbox: hosts whose addresses must be loopback, instead of global. */
  readonly loopbackHosts: readonly string[];
  /** PEM: in the sandbox, a root to be trusted besides the usual ones. */
  readonly ca: string | undefined;
}

export interface TlsConfig {
  /** PEM: the service's certificate, then those that lead to its root. */
  readonly certificate: string;
  readonly key: Secret;
}

/** @see RFC 8705 */
export interface MtlsConfig {
  /** The https origin where client certificates are requested (RFC 8705 §5). */
  readonly url: string;
  /** The port of our own listener; undefined if a proxy requests the certificates. */
  readonly port: number | undefined;
  /** DER of every CA that may issue client certificates directly: chains are not built. */
  readonly clientCas: readonly Buffer[];
}

/** An RP certificate and its key. */
export interface RpCertificate {
  readonly client: BankIdClientKey;
  /** DER of the certificate itself (leaf). */
  readonly certificate: Buffer;
}

/** With the default RP certificate. */
export interface BankIdConfig extends RpCertificate {
  /** Base URL of the RP API with a trailing slash, e.g. `https://appapi2.bankid.com/rp/v6.0/`. */
  readonly url: string;
  /** PEM: the only root that may vouch for BankID's server. */
  readonly tlsRoot: string;
  /** PEM: the only root that may vouch for a payer's signature. */
  readonly signatureRoot: string;
  /** RP certificates of other holders, by id. */
  readonly furtherCertificates: ReadonlyMap<string, RpCertificate>;
  /** Sandbox only: the pretend BankID app, which a browser on this machine opens in place of the real one. */
  readonly appUrl?: string;
}

export type BankIdClientKey =
  | { readonly kind: 'pem'; readonly cert: string; readonly key: Secret }
  | { readonly kind: 'p12'; readonly pfx: Secret<Buffer>; readonly passphrase: Secret };

/** Of the first signing key of the purpose `seals`. */
export interface SealConfig {
  /** DER: the certificate of the key, then those that lead to its root. */
  readonly chain: readonly [certificate: Buffer, ...issuers: Buffer[]];
}

/** `ledger` signs the heads of all logs, by Ed25519 alone (C2SP signed-note); `seals` bundles, under a certificate (CAdES). */
export type SigningPurpose = 'tokens' | 'verdicts' | 'ledger' | 'seals';

/** The first key of a purpose signs; the others of that purpose stay published until they are removed. */
export interface SigningKeyConfig {
  readonly kid: string;
  readonly purpose: SigningPurpose;
  readonly alg: 'ES256' | 'EdDSA' | 'PS256';
  readonly privateJwk: Secret<JsonWebKey>;
}

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** The shape of `process.env`. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/** Reads a file and its permission bits. @throws the error of the file system */
export type FileReader = (path: string) => { readonly bytes: Buffer; readonly mode: number };

/** How a command authenticates to a service: as one of its registered clients. */
export interface AuditorConfig {
  /** The origin of the service. */
  readonly issuer: string;
  readonly clientId: string;
  /** A JWK or PEM, as it stands in the file. */
  readonly key: Secret;
  /** PEM, of the same key; undefined where the key signs assertions. */
  readonly certificate: string | undefined;
}

/** Options of a command line: they go before the environment. */
export interface AuditorWords {
  readonly issuer?: string | undefined;
  readonly client?: string | undefined;
  /** Paths of files. */
  readonly key?: string | undefined;
  readonly certificate?: string | undefined;
}

/** All faults of a configuration at once, so that an operator can mend them in one go. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(
      `The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n- ${faults.join('\n- ')}`,
    );
    this.name = 'ConfigError';
    this.faults = faults;
  }
}
