import { hash } from 'node:crypto';
import { readOctets, readOid, readTime } from '../asn1/der-values.ts';
import { oids } from '../asn1/oids.ts';
import { attempt, Malformed } from '../malformed.ts';
import { isSignature } from '../signature-scheme.ts';
import type { Certificate } from '../x509/certificate.ts';
import { findValue } from './attributes.ts';
import { CmsError } from './cms-error.ts';
import type { SignedData, SignerInfo } from './signed-data.ts';
import { namesCertificate } from './signing-certificate.ts';

export interface VerifiedSigner {
  /** Nothing says yet whether it is trusted: see `x509/path.ts`. */
  readonly certificate: Certificate;
  /** The signer's own claim. */
  readonly signingTime: Date | undefined;
}

/**
 * Verifies that the signer of `signedData` signed `content`: content-type and message-digest, signing-certificate-v2 and the
 * signature over the signed attributes.
 * @param content of a detached signature, or its digest under the signer's hash; not given where the content is inside
 * @throws CmsError
 * @see RFC 5652 §5.4–5.6, §11; RFC 5035 §3
 */
export function verifySigner(
  signedData: SignedData,
  content?: Uint8Array | { readonly digest: Buffer },
): VerifiedSigner {
  const result = attempt(() => verify(signedData, content));
  if (result instanceof Malformed) throw new CmsError('format', result.message);
  return result;
}

function verify(signedData: SignedData, detached?: Uint8Array | { readonly digest: Buffer }): VerifiedSigner {
  const { signer, contentType, content } = signedData;
  const signed = content ?? detached;
  if (signed === undefined || (content && detached)) throw new CmsError('format', 'CMS: content inside and beside it');
  const type = findValue(signer.signed, oids.contentType);
  const digest = findValue(signer.signed, oids.messageDigest);
  if (!type || !digest || readOid(type) !== contentType) throw new CmsError('format', 'CMS: signed attributes');
  const actual = 'digest' in signed ? signed.digest : hash(signer.digestHash, signed, 'buffer');
  if (!readOctets(digest).equals(actual)) throw new CmsError('digest', 'CMS: other content is signed');
  const time = findValue(signer.signed, oids.signingTime);
  return { certificate: checkSignature(signedData), signingTime: time && readTime(time) };
}

function checkSignature({ signer, certificates }: SignedData): Certificate {
  const certificate = certificates.find((candidate) => isOf(signer, candidate));
  if (!certificate) throw new CmsError('certificate', "CMS: the signer's certificate is missing");
  if (!namesCertificate(signer.signed, certificate)) {
    throw new CmsError('certificate', 'CMS: the signed attributes do not name the certificate');
  }
  // One hash throughout: a weaker one beside a strong one would decide.
  if (signer.scheme.hash !== signer.digestHash) throw new CmsError('format', 'CMS: two hash algorithms');
  if (!isSignature(signer.scheme, certificate.publicKey.spki, signer.signedBytes, signer.signature)) {
    throw new CmsError('signature', 'CMS: the signature does not verify');
  }
  return certificate;
}

function isOf({ id }: SignerInfo, { issuer, serial, extensions }: Certificate): boolean {
  if (id.kind === 'key') return extensions.subjectKeyId?.equals(id.keyId) === true;
  return issuer.der.equals(id.issuer) && serial.equals(id.serial);
}
