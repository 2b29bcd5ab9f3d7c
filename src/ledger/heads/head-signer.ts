import { Injectable } from '@nestjs/common';
import { formatCheckpoint, parseCheckpoint, type Checkpoint } from '../../crypto/tlog/checkpoint.ts';
import { openNote, signNote } from '../../crypto/tlog/note.ts';
import { verifierKey, type VerifierKey } from '../../crypto/tlog/verifier-key.ts';
import { SigningKeys } from '../../keys/signing-keys.ts';

/** Signs heads with the ledger's key, whose name is the origin of each log: so one key serves all. */
@Injectable()
export class HeadSigner {
  constructor(private readonly keys: SigningKeys) {}

  /** The note of a head. The same head gives the same note, as long as the key is the same. */
  async sign(head: Checkpoint): Promise<string> {
    const [key] = this.keysOf(head.origin);
    if (!key) throw new TypeError('no signing key has the purpose ledger');
    return signNote(formatCheckpoint(head), { key, sign: (octets) => this.keys.signLedger(octets) });
  }

  /**
   * The head that a note of this log states.
   * @throws Malformed
   * @throws UnverifiedNote where it is signed by none of our keys
   */
  open(origin: string, note: Uint8Array): Checkpoint {
    return parseCheckpoint(openNote(note, this.keysOf(origin)).text);
  }

  /** The verifier keys of a log, that which signs first. */
  keysOf(origin: string): readonly VerifierKey[] {
    return this.keys.ledgerKeys().map((key) => verifierKey(origin, key));
  }
}
