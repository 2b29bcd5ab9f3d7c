import { createHash } from 'node:crypto';

/** What the digest commits to. Its random bytes are in the folder, and are erased with the data key. */
export interface DigestedEvidence {
  /** 32 random bytes, without which the payment or person of a digest could be guessed. */
  readonly random: Uint8Array;
  /** The base64 text exactly as BankID delivered it. */
  readonly signature: string;
  /** DER; empty if BankID delivered none. */
  readonly ocsp: Uint8Array;
  /** The RFC 8785 text of consent.json, or of login.json. */
  readonly consent: string;
}

/**
 * SHA-256(`sigill-evidence-v1` ‖ 32 random bytes ‖ signature text ‖ OCSP DER ‖ consent), the last three each preceded by its
 * length in bytes as 64 bits, big-endian.
 * @returns 32 bytes
 */
export function evidenceDigest({ random, signature, ocsp, consent }: DigestedEvidence): Buffer {
  if (random.length !== 32)
    throw new TypeError(`the evidence digest needs 32 random bytes and was given ${random.length}`);
  const hash = createHash('sha256').update('sigill-evidence-v1', 'ascii').update(random);
  for (const part of [signature, ocsp, consent]) hash.update(lengthPrefix(Buffer.byteLength(part))).update(part);
  return hash.digest();
}

function lengthPrefix(length: number): Buffer {
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64BE(BigInt(length));
  return prefix;
}
