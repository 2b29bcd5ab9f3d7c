import { hash } from 'node:crypto';
import { attempt, Malformed } from '../../crypto/malformed.ts';
import type { BasicOcspResponse } from '../../crypto/ocsp/response.ts';
import { oids } from '../../crypto/asn1/oids.ts';
import { findRsaHash, isLargeKey, isRsaSignature, MAX_RSA_BITS } from '../../crypto/rsa.ts';
import type { Certificate } from '../../crypto/x509/certificate.ts';
import { keyUsageBits } from '../../crypto/x509/extensions.ts';
import { findCertificateFault } from '../path/rfc5280.ts';
import type { Reason } from '../messages.ts';
import type { Facts } from '../facts/facts.ts';
import { indeterminate, inputMissing, passed, type Outcome } from '../facts/outcome.ts';
import type { CaCache } from '../ca-cache.ts';

/**
 * A genuine answer: signed by a responder that the leaf's own issuer authorised, about one certificate. The CA
 * itself, a responder of another CA and an unsigned answer prove nothing.
 * @see RFC 6960 §3.2, §4.2.2.2
 */
export function checkOcsp({ completion, answer, path, leaf, time, trust: { cas } }: Facts): Outcome {
  if (completion.ocspResponse === undefined) {
    const isExpired = leaf !== undefined && leaf.notAfter < (time.vouchedAt ?? time.now);
    return isExpired
      ? indeterminate('OUT_OF_BOUNDS_NO_POE', 'ocsp.none-and-expired')
      : indeterminate('TRY_LATER', 'ocsp.none');
  }
  if (answer instanceof Malformed) return refuse({ message: 'ocsp.malformed', parameters: { fault: answer.message } });
  if (!answer || !path) return inputMissing;
  if (!answer.basic) {
    return refuse({ message: 'ocsp.error-status', parameters: { status: answer.status } });
  }
  const response = answer.basic;
  const [single, second] = response.responses;
  if (!single || second) return refuse('ocsp.not-one-answer');
  const all = [...response.extensions, ...single.extensions];
  if (all.some(({ critical, oid }) => critical && oid !== oids.ocspNonce)) return refuse('ocsp.critical-extension');
  const responder = findResponder(response, cas);
  if (!responder) return refuse('ocsp.no-responder');
  const fault = findResponderFault(responder, path.customerCa, cas) ?? findSignatureFault(response, responder, cas);
  if (fault !== undefined) return refuse(fault);
  return passed('ocsp.sound', { found: { ocsp: { response, single, responder } } });
}

function refuse(reason: Reason): Outcome {
  return indeterminate('TRY_LATER', reason);
}

function findResponder({ certificates, responderId }: BasicOcspResponse, cas: CaCache): Certificate | undefined {
  return certificates
    .map((der) => attempt(() => cas.parse(der)))
    .filter((certificate): certificate is Certificate => !(certificate instanceof Malformed))
    .find(({ subject, publicKey }) =>
      responderId.kind === 'name'
        ? subject.der.equals(responderId.der)
        : hash('sha1', publicKey.keyOctets, 'buffer').equals(responderId.hash),
    );
}

/** BankID's responder has only the keyUsage nonRepudiation: requiring digitalSignature would refuse every genuine answer. */
function findResponderFault(responder: Certificate, issuer: Certificate, cas: CaCache): Reason | undefined {
  const { extendedKeyUsage, keyUsage, basicConstraints, ocspNoCheck } = responder.extensions;
  const signing = [keyUsageBits.nonRepudiation, keyUsageBits.digitalSignature];
  const fault = findCertificateFault(responder);
  if (fault !== undefined) return { message: 'ocsp.responder-fault', parameters: { fault } };
  if (!responder.issuer.der.equals(issuer.subject.der)) return 'ocsp.responder-of-another-ca';
  if (!extendedKeyUsage?.includes(oids.ocspSigning)) return 'ocsp.responder-without-right';
  if (keyUsage && !signing.some((bit) => keyUsage.bits.has(bit))) return 'ocsp.responder-key-usage';
  if (basicConstraints?.ca) return 'ocsp.responder-is-ca';
  // Without nocheck the responder's own status would be needed, which was not stored.
  if (!ocspNoCheck) return 'ocsp.responder-without-nocheck';
  if (!cas.isSignedBy(responder, issuer, 'ca')) return 'ocsp.responder-not-signed';
  cas.keep([responder]);
  return undefined;
}

function findSignatureFault(response: BasicOcspResponse, responder: Certificate, cas: CaCache): Reason | undefined {
  if (isLargeKey(responder.publicKey)) return { message: 'ocsp.large-key', parameters: { bits: MAX_RSA_BITS } };
  const signatureHash = findRsaHash(response.signatureAlgorithm);
  const key = cas.findKey(responder);
  const isSigned = signatureHash && key && isRsaSignature(signatureHash, key, response.tbs, response.signature);
  return isSigned ? undefined : 'ocsp.signature';
}
