import { isIP } from 'node:net';
import type { BankIdClientKey, BankIdConfig } from './config.ts';

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
 * For connections to BankID: our own certificate, and BankID's TLS root in place of every public one.
 * @see BankID, Relying Party guidelines, "Issuer of server certificate"
 */
export function mutualTls(config: Pick<BankIdConfig, 'url' | 'tlsRoot' | 'client'>): MutualTls {
  const { hostname } = new URL(config.url);
  return {
    ca: config.tlsRoot,
    ...clientKey(config.client),
    minVersion: 'TLSv1.2',
    // RFC 6066 §3: an IP address is not a server name.
    ...(isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? { servername: hostname } : {}),
  };
}

function clientKey(client: BankIdClientKey): Pick<MutualTls, 'cert' | 'key' | 'pfx' | 'passphrase'> {
  return client.kind === 'pem'
    ? { cert: client.cert, key: client.key.reveal() }
    : { pfx: client.pfx.reveal(), passphrase: client.passphrase.reveal() };
}
