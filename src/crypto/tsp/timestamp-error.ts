/**
 * Why a timestamp is refused: `format` (not of RFC 3161's form), `imprint` (it stamps something else), `nonce` (it answers another
 * request), `policy` (not one that is accepted), `time` (outside the limits), `signature`, `certificate` (missing, or not the one the
 * signature names), `eku` (the certificate is not for timestamping alone), `path` (it leads to no trusted certificate), `revoked`,
 * `status` (the authority refused).
 */
export type TimestampReason =
  | 'format'
  | 'imprint'
  | 'nonce'
  | 'policy'
  | 'time'
  | 'signature'
  | 'certificate'
  | 'eku'
  | 'path'
  | 'revoked'
  | 'status';

/** A timestamp, or an authority's answer, that does not hold. */
export class TimestampError extends Error {
  readonly reason: TimestampReason;

  constructor(reason: TimestampReason, message: string) {
    super(message);
    this.name = 'TimestampError';
    this.reason = reason;
  }
}
