import { CompactSign, importJWK } from 'jose';
import type { SandboxClient } from './clients.ts';
import type { InitiationJson } from './tpp.ts';

/** What a verification of the payee of a payment said, attested by a bank with the key that it is registered with. */
export async function attestVerification(
  bank: SandboxClient,
  payment: InitiationJson,
  verification: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  const claims = { ...verification, account: payment['creditorAccount'], creditorName: payment['creditorName'] };
  const attestation = await new CompactSign(Buffer.from(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'ES256', kid: bank.privateJwk.kid ?? '', typ: 'creditor-name-verification+jws' })
    .sign(await importJWK(bank.privateJwk, 'ES256'));
  return { ...verification, attestation };
}
