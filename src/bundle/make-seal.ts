import { hash } from 'node:crypto';
import { oids } from '../crypto/asn1/oids.ts';
import { addUnsigned, createSignature } from '../crypto/cms/create-signature.ts';
import { parseSignedData } from '../crypto/cms/signed-data.ts';
import type { SignatureScheme } from '../crypto/signature-scheme.ts';
import type { Seal } from './container.ts';

/** What a seal is made with. */
export interface Sealer {
  readonly scheme: SignatureScheme;
  /** DER: the certificate of the key, then those that lead to its root. */
  readonly chain: readonly [certificate: Buffer, ...issuers: Buffer[]];
  /** Signs the bytes, hashing them itself; an ECDSA signature is in DER. */
  sign(bytes: Buffer): Buffer;
  /** The CRLs of the chain as they are today, in DER. */
  crls(): Promise<readonly Buffer[]>;
  /** A timestamp over this SHA-256. */
  stamp(digest: Buffer): Promise<Stamp>;
}

/** A verified timestamp token in DER, and the CRLs of its authority that are not in it. */
export interface Stamp {
  readonly token: Buffer;
  readonly crls: readonly Buffer[];
}

/**
 * A detached CAdES signature over a manifest: level B-T, with the CRLs of its own certificates and the timestamp authority's, so that
 * it can be verified without a network when neither answers any more.
 * @param at written into the seal as its signing time
 * @throws Malformed; and what the sealer throws
 * @see ETSI EN 319 122-1 §6.3; ETSI EN 319 162-1 §4.4.3
 */
export async function makeSeal(manifest: Buffer, sealer: Sealer, at: Date): Promise<Seal> {
  let signature: Buffer | undefined;
  const order = {
    contentDigest: hash(sealer.scheme.hash, manifest, 'buffer'),
    scheme: sealer.scheme,
    // The certificates and CRLs are not signed: they are added around the same signature.
    sign: (bytes: Buffer) => Promise.resolve((signature ??= sealer.sign(bytes))),
    certificates: sealer.chain,
    signingTime: at,
  };
  const bare = await createSignature({ ...order, crls: [] });
  const own = await sealer.crls();
  const { token, crls } = await sealer.stamp(hash('sha256', parseSignedData(bare).signer.signature, 'buffer'));
  const whole = await createSignature({ ...order, crls: distinct([...own, ...crls]) });
  return { signature: addUnsigned(whole, { type: oids.signatureTimestamp, value: token }), token };
}

function distinct(crls: readonly Buffer[]): readonly Buffer[] {
  return crls.filter((crl, index) => crls.findIndex((other) => other.equals(crl)) === index);
}
