import { createHash } from 'node:crypto';

/** The newest event of a chain of audit events, which its hash covers with all before it. */
export interface ChainHead {
  readonly subject: string;
  readonly seq: number;
  /** 32 octets. */
  readonly hash: Buffer;
}

const LABEL = 'sigill-audit-heads-v1\n';

/**
 * The entry of an audit log: SHA-256 over `sigill-audit-heads-v1`, a newline, and for each head, in the order of the octets of the
 * subjects: the length of the subject (4 octets), the subject in UTF-8, the sequence number (8 octets), the hash (32 octets). Numbers
 * are big-endian.
 */
export function auditDigest(heads: readonly ChainHead[]): Buffer {
  const sha256 = createHash('sha256').update(LABEL);
  const named = heads.map((head) => ({ ...head, octets: Buffer.from(head.subject) }));
  for (const { octets, seq, hash } of named.sort((one, other) => Buffer.compare(one.octets, other.octets))) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(octets.length);
    const place = Buffer.alloc(8);
    place.writeBigUInt64BE(BigInt(seq));
    sha256.update(length).update(octets).update(place).update(hash);
  }
  return sha256.digest();
}
