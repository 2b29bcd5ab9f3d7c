import { createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { objectIdentifier, octetString, sequence } from '../../simulator/pki/der.ts';
import { makeToken } from '../../simulator/tsa/timestamp-token.ts';
import { openTrustServices } from '../../simulator/tsa/trust-services.ts';
import { makeSeal } from '../../src/bundle/make-seal.ts';

const SHA256 = '2.16.840.1.101.3.4.2.1';

/** A seal over a manifest, and the root of its issuer and of its timestamp authority, in PEM. */
export interface MadeSeal {
  readonly signature: Buffer;
  readonly rootPem: string;
}

/** Seals as the service does, by a provider of its own. */
export async function sealOf(manifest: Buffer, at: Date): Promise<MadeSeal> {
  const services = await openTrustServices(undefined, at, 'http://localhost:1/tsa/crl');
  const { seal, good, rootPem } = services;
  const key = createPrivateKey(seal.keyPem);
  const crls = async (): Promise<readonly Buffer[]> => [await services.crl(at)];
  const sealer = {
    scheme: { kind: 'ecdsa', hash: 'sha256' },
    chain: [new X509Certificate(seal.certificatePem).raw, new X509Certificate(rootPem).raw],
    sign: (bytes: Buffer) => sign('sha256', bytes, { key, dsaEncoding: 'der' }),
    crls,
    stamp: async (digest: Buffer) => {
      const imprint = sequence(sequence(objectIdentifier(SHA256)), octetString(digest));
      const facts = { imprint, nonce: undefined, time: at, certificates: [good.certificate], crls: [] };
      return { token: await makeToken(facts, good), crls: await crls() };
    },
  } as const;
  const { signature } = await makeSeal(manifest, sealer, at);
  return { signature, rootPem };
}
