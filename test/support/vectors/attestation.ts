import { accountToJson } from '../../../src/payment/account.ts';
import { verificationToJson, type CreditorNameVerification } from '../../../src/payment/creditor-name-verification.ts';
import type { PaymentInitiation } from '../../../src/payment/initiation.ts';
import type { SignedFacts2 } from '../../../src/payment/non-visible.ts';

/** An attestation of exactly what is stated, with a signature that nobody made. */
export function attestationOf(
  stated: Omit<CreditorNameVerification, 'attestation'>,
  { creditorName, creditorAccount }: PaymentInitiation,
): string {
  const said = verificationToJson({ ...stated, attestation: undefined });
  const claims = { ...said, account: accountToJson(creditorAccount), creditorName };
  return `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;
}

/** The verification of a consent; if it is attested at all, then with an attestation of exactly that. */
export function withAttestation({
  creditorNameVerification: stated,
  initiation,
}: Pick<SignedFacts2, 'creditorNameVerification' | 'initiation'>): CreditorNameVerification | undefined {
  return stated?.attestation === undefined ? stated : { ...stated, attestation: attestationOf(stated, initiation) };
}
