import { inside, readDer, tags } from '../asn1/der.ts';
import { attempt, Malformed } from '../malformed.ts';
import { isSignature, readSignatureScheme } from '../signature-scheme.ts';
import type { Certificate } from './certificate.ts';
import { sameName } from './distinguished-name.ts';

/** Whether `issuer` names itself in `certificate` and signed it, by RSA PKCS #1 v1.5 or ECDSA. @see RFC 5280 §6.1.3 (a)(1), (4) */
export function isIssuedBy(certificate: Certificate, issuer: Certificate): boolean {
  if (!sameName(certificate.issuer, issuer.subject)) return false;
  const scheme = attempt(() => {
    const outer = inside(readDer(certificate.der));
    outer.next(tags.sequence);
    return readSignatureScheme(outer.next(tags.sequence));
  });
  if (scheme instanceof Malformed) return false;
  return isSignature(scheme, issuer.publicKey.spki, certificate.tbs, certificate.signature);
}
