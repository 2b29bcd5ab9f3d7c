import { Injectable } from '@nestjs/common';
import { formatCheckpoint, parseCheckpoint, type Checkpoint } from '../../crypto/tlog/checkpoint.ts';
import { Malformed } from '../../crypto/malformed.ts';
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
   * @throws Malformed, also where it is the head of another log
   * @throws UnverifiedNote where it is signed by none of our keys
   */
  open(origin: string, note: Uint8Array): Checkpoint {
    const head = parseCheckpoint(openNote(note, this.keysOf(origin)).text);
    // One key signs for all logs, and a signature does not cover the name on its line.
    if (head.origin !== origin) throw new Malformed('a head of another log');
    return head;
  }

  /** The verifier keys of a log, that which signs first. */
  keysOf(origin: string): readonly VerifierKey[] {
    return this.keys.ledgerKeys().map((key) => verifierKey(origin, key));
  }
}
