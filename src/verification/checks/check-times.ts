import { addMs, latest } from '../../kernel/clock.ts';
import type { Certificate } from '../../crypto/x509/certificate.ts';
import type { CertificatePath, Facts, GenuineOcsp } from '../facts/facts.ts';
import { findOrderStart } from '../facts/order-start.ts';
import { failed, indeterminate, inputMissing, passed, type Outcome } from '../facts/outcome.ts';

/**
 * Every validity period, at the time that the OCSP response proves; that time itself; and whether the proof is still valid.
 * @see RFC 5280 §6.1.3 (a)(2); RFC 6960 §4.2.2.1; ETSI EN 319 102-1 §5.5, §5.6
 */
export function checkTimes(facts: Facts): Outcome {
  const { path, ocsp, producedAt } = facts;
  if (!path || !ocsp || !producedAt) return inputMissing;
  return (
    judgeLeaf(path.leaf, producedAt, findOrderStart(facts)) ??
    judgeIssuers(path, producedAt) ??
    judgeResponse(ocsp, producedAt, facts) ??
    judgeVouched(producedAt, facts) ??
    judgeProven(producedAt, facts) ??
    judgeProof(ocsp.responder, producedAt, facts)
  );
}

function judgeLeaf(leaf: Certificate, at: Date, orderStart: Date | undefined): Outcome | undefined {
  if (at < leaf.notBefore) return failed('NOT_YET_VALID', 'times.not-yet-valid');
  if (at <= leaf.notAfter) return undefined;
  return orderStart && orderStart > leaf.notAfter
    ? failed('EXPIRED', 'times.expired-before-order')
    : indeterminate('OUT_OF_BOUNDS_NO_POE', 'times.expired');
}

function judgeIssuers({ customerCa, bankCa, root }: CertificatePath, at: Date): Outcome | undefined {
  return [customerCa, bankCa, root.certificate].every((certificate) => isValidAt(certificate, at))
    ? undefined
    : indeterminate('CERTIFICATE_CHAIN_GENERAL_FAILURE', 'times.ca');
}

function judgeResponse({ responder, single }: GenuineOcsp, at: Date, { policy, time }: Facts): Outcome | undefined {
  const { thisUpdate, nextUpdate } = single;
  if (!isValidAt(responder, at)) return indeterminate('TRY_LATER', 'times.responder');
  if (at < thisUpdate || at > addMs(thisUpdate, policy.maxResponseAgeMs)) {
    return indeterminate('TRY_LATER', 'times.produced-at');
  }
  if (nextUpdate && at > nextUpdate) return indeterminate('TRY_LATER', 'times.next-update');
  if (at > addMs(time.now, policy.skewMs)) return indeterminate('TRY_LATER', 'times.future');
  return undefined;
}

/** A response did not exist before it was made, so a time before producedAt cannot be vouched for. */
function judgeVouched(producedAt: Date, { time: { vouchedAt } }: Facts): Outcome | undefined {
  return vouchedAt && vouchedAt < producedAt
    ? indeterminate('TIMESTAMP_ORDER_FAILURE', 'times.vouched-before')
    : undefined;
}

/** A timestamp over what did not exist yet is none of it: clocks may differ. */
function judgeProven(producedAt: Date, { policy, time: { provenAt } }: Facts): Outcome | undefined {
  return provenAt && addMs(provenAt, policy.skewMs) < producedAt
    ? indeterminate('TIMESTAMP_ORDER_FAILURE', 'times.proven-before')
    : undefined;
}

/** After the responder's certificate has expired, its key need no longer be protected; its older response is still trusted. */
function judgeProof(responder: Certificate, producedAt: Date, { policy, time }: Facts): Outcome {
  if (responder.notAfter >= latest(time.vouchedAt ?? time.now, producedAt)) return passed('times.sound');
  if (time.provenAt && time.provenAt <= responder.notAfter) return passed('times.responder-expired-after-proof');
  if (policy.expiredResponder === 'refuse') {
    return indeterminate('REVOCATION_OUT_OF_BOUNDS_NO_POE', 'times.responder-expired');
  }
  return passed('times.responder-expired-since', {
    warnings: ['poe.responder-only'],
  });
}

function isValidAt(certificate: Certificate, at: Date): boolean {
  const time = at.getTime();
  return certificate.notBefore.getTime() <= time && time <= certificate.notAfter.getTime();
}
