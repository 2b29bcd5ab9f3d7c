import type { Imprint } from '../../crypto/tsp/request.ts';
import { TimestampError } from '../../crypto/tsp/timestamp-error.ts';
import { readToken, verifyToken, type VerifiedTimestamp } from '../../crypto/tsp/verify-token.ts';
import type { Certificate } from '../../crypto/x509/certificate.ts';
import { formatInstant } from '../../kernel/clock.ts';
import type { TimestampFinding } from '../findings.ts';

/**
 * What a timestamp token is worth. One whose authority was not given is verified by the certificates that it brought.
 * @param imprint of what it must be over
 * @param trust certificates of authorities, or of those that issue theirs
 * @param crls DER, besides those in the token
 */
export function verifyTimestamp(
  token: Uint8Array,
  imprint: Imprint,
  trust: readonly Certificate[],
  crls: readonly Uint8Array[] = [],
): TimestampFinding {
  const verified = attemptToken(token, imprint, trust, crls);
  if (!(verified instanceof TimestampError)) return finding('sound', verified);
  if (verified.reason !== 'path') return unsound(verified);
  const own = attemptToken(token, imprint, readToken(token).signedData.certificates, crls);
  return own instanceof TimestampError ? unsound(own) : finding('untrusted', own);
}

function attemptToken(
  token: Uint8Array,
  imprint: Imprint,
  trust: readonly Certificate[],
  crls: readonly Uint8Array[],
): VerifiedTimestamp | TimestampError {
  try {
    return verifyToken(token, { imprint, trust, crls });
  } catch (error) {
    if (error instanceof TimestampError) return error;
    throw error;
  }
}

function finding(state: 'sound' | 'untrusted', { time, authority }: VerifiedTimestamp): TimestampFinding {
  return { state, time: formatInstant(time), authority };
}

function unsound({ reason }: TimestampError): TimestampFinding {
  // `status` is of answers, not of tokens.
  return { state: 'unsound', reason: reason === 'status' ? 'format' : reason };
}
