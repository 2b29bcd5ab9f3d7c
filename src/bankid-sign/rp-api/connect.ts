import { isIP } from 'node:net';
import { Agent, buildConnector } from 'undici';
import type { BankIdClientKey, BankIdConfig } from '../../config/config.ts';

/** The test environment's first TLS connect sometimes hangs; a healthy one takes some tens of milliseconds. */
const CONNECT_TIMEOUT_MS = 3_000;
/** A genuine completion is about 15 kB. */
const MAX_ANSWER_BYTES = 1_000_000;

/** Node's TLS options with our client certificate and the one root that we trust. */
export interface MutualTls {
  readonly ca: string;
  readonly cert?: string;
  readonly key?: string;
  readonly pfx?: Buffer;
  readonly passphrase?: string;
  readonly minVersion: 'TLSv1.2';
  readonly servername?: string;
}

/**
 * Our own certificate, and BankID's TLS root in place of every public one.
 * @see BankID, Relying Party guidelines, "Issuer of server certificate"
 */
export function mutualTls(config: Pick<BankIdConfig, 'url' | 'tlsRoot' | 'client'>): MutualTls {
  const { hostname } = new URL(config.url);
  return {
    ca: config.tlsRoot,
    ...clientKey(config.client),
    minVersion: 'TLSv1.2',
    // RFC 6066 §3: a literal address is no server name.
    ...(isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? { servername: hostname } : {}),
  };
}

/** Connections to BankID, kept alive and used by one request at a time. */
export function bankIdAgent(config: Pick<BankIdConfig, 'url' | 'tlsRoot' | 'client'>, connections: number): Agent {
  const connector = buildConnector({ ...mutualTls(config), timeout: CONNECT_TIMEOUT_MS, allowH2: false });
  return new Agent({
    connect: withSecondAttempt(connector),
    connections,
    pipelining: 1,
    maxResponseSize: MAX_ANSWER_BYTES,
  });
}

/** A connect is tried twice because nothing has been sent yet; a request never is: BankID may have acted on it. */
function withSecondAttempt(connector: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    connector(options, (...first) => {
      const [error] = first;
      if (error && isWorthSecondAttempt(error)) connector(options, callback);
      else callback(...first);
    });
  };
}

function isWorthSecondAttempt(error: Error & { readonly code?: string }): boolean {
  return error.code === 'UND_ERR_CONNECT_TIMEOUT' || error.code === 'ECONNRESET';
}

function clientKey(client: BankIdClientKey): Pick<MutualTls, 'cert' | 'key' | 'pfx' | 'passphrase'> {
  return client.kind === 'pem'
    ? { cert: client.cert, key: client.key.reveal() }
    : { pfx: client.pfx.reveal(), passphrase: client.passphrase.reveal() };
}
