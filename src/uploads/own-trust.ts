import { X509Certificate } from 'node:crypto';
import type { TrustSource } from '../bundle/trust.ts';
import type { AppConfig } from '../config/config.ts';
import type { SigningKeys } from '../keys/signing-keys.ts';

/** What an installation trusts: the issuer of its own seal, the authorities whose timestamps it asks for, the keys of its ledger. */
export function ownTrust(
  { issuer, seal, timestampAuthorities }: Pick<AppConfig, 'issuer' | 'seal' | 'timestampAuthorities'>,
  keys: SigningKeys,
): TrustSource {
  const sealRoot = seal?.chain.at(-1);
  const prefix = `${new URL(issuer).host}/ledger/`;
  return {
    seals: sealRoot ? [pemOf(sealRoot)] : [],
    timestamps: timestampAuthorities.flatMap(({ trust }) => trust.map(pemOf)),
    ledgerKeys: [],
    ownLedgers: keys
      .ledgerKeys()
      .map((key) => ({ prefix, publicKey: key.export({ type: 'spki', format: 'pem' }).toString() })),
    kept: undefined,
  };
}

function pemOf(der: Buffer): string {
  return new X509Certificate(der).toString();
}
