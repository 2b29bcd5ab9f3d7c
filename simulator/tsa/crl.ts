import { createPublicKey } from 'node:crypto';
import { DAY_MS, MINUTE_MS } from '../../src/kernel/clock.ts';
import { encodeName, extension, extensions, signatureAlgorithm, signWith, type Issuer } from '../pki/certificate.ts';
import { bitString, certificateTime, context, enumerated, integer, sequence, smallInteger } from '../pki/der.ts';
import { oids } from '../pki/oids.ts';

const KEY_COMPROMISE = 1;

/** A complete CRL, issued at `now` for one day. Each serial number was revoked an hour before, its key compromised. @see RFC 5280 §5 */
export async function makeCrl(issuer: Issuer, now: Date, revoked: readonly Buffer[]): Promise<Buffer> {
  const at = certificateTime(new Date(now.getTime() - 60 * MINUTE_MS));
  const entries = revoked.map((serial) => sequence(integer(serial), at, sequence(reason(KEY_COMPROMISE))));
  const algorithm = signatureAlgorithm(issuer.digest, issuer.privateKey);
  const keyId = extensions.authorityKeyIdentifier(createPublicKey(issuer.privateKey));
  const toBeSigned = sequence(
    smallInteger(1),
    algorithm,
    encodeName(issuer.name),
    certificateTime(now),
    certificateTime(new Date(now.getTime() + DAY_MS)),
    ...(entries.length > 0 ? [sequence(...entries)] : []),
    context(0, sequence(keyId, number(now))),
  );
  const signature = await signWith(issuer.digest, toBeSigned, issuer.privateKey);
  return sequence(toBeSigned, algorithm, bitString(signature));
}

const reason = (code: number): Buffer => extension(oids.reasonCode, false, enumerated(code));

/** CRL numbers grow with time. @see RFC 5280 §5.2.3 */
const number = (now: Date): Buffer => extension(oids.cRLNumber, false, smallInteger(Math.floor(now.getTime() / 1000)));
