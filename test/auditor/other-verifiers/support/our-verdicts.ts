import { attempt, Malformed } from '../../../../src/crypto/malformed.ts';
import { parseCertificate } from '../../../../src/crypto/x509/certificate.ts';
import { checkPath } from '../../../../src/verification/checks/check-path.ts';
import type { Completion } from '../../../../src/verification/expectation.ts';
import { policies } from '../../../../src/verification/policy.ts';
import type { CheckId, CheckRow } from '../../../../src/verification/report.ts';
import type { Facts } from '../../../../src/verification/facts/facts.ts';
import { failed, type Outcome } from '../../../../src/verification/facts/outcome.ts';
import type { TrustAnchors } from '../../../../src/verification/trust-anchors.ts';
import { verifySignature } from '../../../../src/verification/verify-signature.ts';
import { now } from '../../../support/vectors/vector.ts';

/** The row of the first of these checks that refused. */
export function refusalOf(
  completion: Partial<Completion>,
  trust: TrustAnchors,
  ids: readonly CheckId[],
): CheckRow | undefined {
  const whole = { signature: '', ocspResponse: undefined, personalNumber: undefined, ...completion };
  const report = verifySignature(whole, { trust, policy: policies.bankid, time: { now, vouchedAt: undefined } });
  return report.checks.find(
    ({ id, status }) => ids.includes(id) && (status === 'failed' || status === 'indeterminate'),
  );
}

/** The outcome of the path check, on certificates that need not have signed anything. */
export function pathOutcome(certificates: readonly Buffer[], trust: TrustAnchors): Outcome {
  const leaf = attempt(() => parseCertificate(certificates[0] ?? Buffer.alloc(0)));
  if (leaf instanceof Malformed)
    return failed('FORMAT_FAILURE', { message: 'path.certificate-malformed', parameters: { fault: leaf.message } });
  return checkPath({ certificates, leaf, trust } as unknown as Facts);
}
