import { createHash } from 'node:crypto';

/** What the digest commits to. Its random bytes are in the folder, and are erased with the data key. */
export interface DigestedEvidence {
  /** 32 random bytes, without which the payment or person of a digest could be guessed. */
  readonly random: Uint8Array;
  /** The base64 text exactly as BankID delivered it. */
  readonly signature: Uint8Array | string;
  /** DER; empty if BankID delivered none. */
  readonly ocsp: Uint8Array;
  /** The RFC 8785 text of consent.json, or of login.json. */
  readonly consent: Uint8Array | string;
  readonly visibleText: Uint8Array;
  /** The RFC 8785 text of circumstances.json, which names the evidence by its id. */
  readonly circumstances: Uint8Array | string;
  /** The RFC 8785 text of report.json: what the verifier found when the evidence was stored. */
  readonly report: Uint8Array | string;
}

/**
 * SHA-256(`sigill-evidence-v2` ‖ 32 random bytes ‖ signature text ‖ OCSP DER ‖ consent ‖ visible text ‖ circumstances ‖ report), each
 * part after the random bytes preceded by its length in bytes as 64 bits, big-endian.
 * @returns 32 bytes
 */
export function evidenceDigest(evidence: DigestedEvidence): Buffer {
  const { random, signature, ocsp, consent, visibleText, circumstances, report } = evidence;
  if (random.length !== 32)
    throw new TypeError(`the evidence digest needs 32 random bytes and was given ${random.length}`);
  const hash = createHash('sha256').update('sigill-evidence-v2', 'ascii').update(random);
  for (const part of [signature, ocsp, consent, visibleText, circumstances, report])
    hash.update(lengthPrefix(Buffer.byteLength(part))).update(part);
  return hash.digest();
}

function lengthPrefix(length: number): Buffer {
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64BE(BigInt(length));
  return prefix;
}
