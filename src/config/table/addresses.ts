import { environments } from '../../kernel/environment.ts';
import { port, type SettingTable } from './setting.ts';

/** Which installation this is, and where it is reached. */
export const installation = {
  SIGILL_ENV: {
    what: 'the environment; the first migration writes it into the database, and it never changes',
    form: { kind: 'word', words: environments },
    readBy: ['service', 'migrate', 'steward', 'approver', 'verifier'],
    required: true,
    decisive: 'other-environment',
  },
  ISSUER: {
    what: "the origin at which browsers and clients reach the service, and OAuth's `iss`; https, on loopback also http except in production",
    form: { kind: 'text', of: 'an origin, without a slash at its end' },
    readBy: ['service', 'verifier'],
    required: true,
    decisive: 'always',
  },
  HOST: {
    what: 'the address on which all ports listen; `0.0.0.0` in a container; loopback only in the sandbox',
    form: { kind: 'text', of: 'an IP address or `localhost`' },
    readBy: ['service', 'verifier'],
    default: '127.0.0.1',
    decisive: 'other-machine',
  },
  PORT: {
    what: 'the port of the service',
    form: port,
    readBy: ['service', 'verifier'],
    default: '3000',
  },
  METRICS_PORT: {
    what: 'the port of `/metrics`, which stays inside: it authenticates no caller',
    form: port,
    readBy: ['service'],
    default: '9464',
  },
  TRUSTED_PROXIES: {
    what: 'proxies whose `X-Forwarded-For` and `Client-Cert` are believed',
    form: { kind: 'text', of: 'addresses and CIDR ranges, separated by commas; not the range of all addresses' },
    readBy: ['service'],
    otherwise: 'no header is believed',
  },
} as const satisfies SettingTable;

/** Who terminates TLS, and where client certificates are requested. */
export const transport = {
  TLS_CERTIFICATE_FILE: {
    what: 'the certificate of the service, then those that lead to its root, if it terminates TLS itself',
    form: { kind: 'file', of: 'certificates in PEM' },
    readBy: ['service'],
    required: 'with TLS_KEY_FILE',
    otherwise: 'a proxy terminates TLS',
  },
  TLS_KEY_FILE: {
    what: 'its key',
    form: { kind: 'file', of: 'an unencrypted private key in PEM', closed: true },
    readBy: ['service'],
    required: 'with TLS_CERTIFICATE_FILE',
    otherwise: 'a proxy terminates TLS',
  },
  CLIENT_CA_FILE: {
    what: 'the authorities that issue client certificates directly',
    form: { kind: 'file', of: 'certificates in PEM' },
    readBy: ['service'],
    required: 'with MTLS_PORT or MTLS_URL',
    otherwise: 'no client certificates',
  },
  MTLS_PORT: {
    what: 'a second port of the service, at which it requests client certificates itself',
    form: port,
    readBy: ['service'],
    otherwise: 'a proxy requests them',
  },
  MTLS_URL: {
    what: 'where clients with certificates reach the service',
    form: { kind: 'text', of: 'an https origin' },
    readBy: ['service'],
    required: 'with CLIENT_CA_FILE without MTLS_PORT',
    otherwise: 'the host of ISSUER at MTLS_PORT',
  },
  PING_LOOPBACK_HOSTS: {
    what: 'hosts whose notification endpoints must be on this machine, not on the Internet',
    form: { kind: 'text', of: 'names of hosts, separated by commas' },
    readBy: ['service'],
    environments: ['sandbox'],
    otherwise: 'endpoints are on the Internet',
  },
  PING_CA_FILE: {
    what: 'a root for the certificates of those hosts, besides the usual ones',
    form: { kind: 'file', of: 'certificates in PEM' },
    readBy: ['service'],
    environments: ['sandbox'],
    otherwise: 'the authorities that Node trusts',
  },
} as const satisfies SettingTable;

export const database = {
  DATABASE_URL: {
    what: "the database, with the service's login; over a network with `sslmode=verify-full`",
    form: { kind: 'text', of: 'a postgresql:// URL' },
    readBy: ['service'],
    required: true,
    secret: true,
    decisive: 'always',
  },
  MIGRATION_DATABASE_URL: {
    what: "the same database with its owner's login, for `sigill migrate` alone; never give it to the service",
    form: { kind: 'text', of: 'a postgresql:// URL' },
    readBy: ['migrate'],
    required: true,
    secret: true,
  },
  STEWARD_DATABASE_URL: {
    what: "the same database with the eraser's login, for `sigill steward` and, after a restore, `sigill recover`; never give it to the service",
    form: { kind: 'text', of: 'a postgresql:// URL' },
    readBy: ['steward'],
    required: true,
    secret: true,
  },
  APPROVER_DATABASE_URL: {
    what: 'the same database with the login of the person who decides about requests, a member of `sigill_approver`, for `sigill request`; never give it to the service',
    form: { kind: 'text', of: 'a postgresql:// URL' },
    readBy: ['approver'],
    otherwise: 'requests can be listed, and none decided',
    secret: true,
  },
  DATABASE_CA_FILE: {
    what: "the authorities that may issue the certificate of the database's server",
    form: { kind: 'file', of: 'certificates in PEM' },
    readBy: ['service', 'migrate', 'steward', 'approver'],
    otherwise: 'the authorities that Node trusts',
    decisive: 'always',
  },
  NODE_TLS_REJECT_UNAUTHORIZED: {
    what: "Node's own switch; `0` accepts every certificate, and is refused outside the sandbox",
    form: { kind: 'text', of: 'better not set' },
    readBy: ['service', 'migrate', 'steward', 'approver'],
    otherwise: 'certificates are verified',
  },
} as const satisfies SettingTable;
