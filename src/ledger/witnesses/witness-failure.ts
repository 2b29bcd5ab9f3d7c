/**
 * Why a witness has not cosigned a head:
 * - `unreachable`: it does not answer, or not within ten seconds, or with an error of its own;
 * - `malformed`: it cannot read our request, or answers with more than it may;
 * - `unknown-log`, `unknown-key`: it has not registered the log, or another key for it;
 * - `ahead`: it has cosigned a larger head than ours. It may be that of another instance; where it stays so, the database was restored;
 * - `contradicts`: it has cosigned a head of this size with another root;
 * - `inconsistent`: it does not find that our head continues what it has seen;
 * - `unsigned`: its answer has no signature of its registered key that verifies;
 * - `forged`: the database has a signature of it that it did not make; it is asked about the next head.
 */
export type WitnessFailureReason =
  | 'unreachable'
  | 'malformed'
  | 'unknown-log'
  | 'unknown-key'
  | 'ahead'
  | 'contradicts'
  | 'inconsistent'
  | 'unsigned'
  | 'forged';

/** A witness has not cosigned a head. */
export class WitnessFailure extends Error {
  constructor(
    readonly reason: WitnessFailureReason,
    options?: ErrorOptions,
  ) {
    super(`a witness did not cosign: ${reason}`, options);
    this.name = 'WitnessFailure';
  }
}
