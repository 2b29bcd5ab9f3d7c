import { X509Certificate } from 'node:crypto';
import type { BankIdConfig } from '../config/config.ts';
import { rpCertificates } from '../config/rp-certificates.ts';

/**
 * The name by which BankID calls a relying party in what the payer signs (`srvInfo/name`): the subject of the RP certificate,
 * last attribute first, short attribute names in lower case, e.g. `cn=FP Testcert 2,name=Test av BankID,serialNumber=12345678,o=Testbank A AB (publ),c=SE`.
 * @param certificate DER (or PEM) of the RP certificate
 * @throws when it is not a certificate or its subject is empty
 */
export function relyingPartyName(certificate: Uint8Array | string): string {
  const { subject } = new X509Certificate(certificate);
  if (!subject) throw new Error('the subject of the RP certificate for BankID is empty');
  return subject.split('\n').reverse().map(nameAttribute).join(',');
}

/** Of all RP certificates of the ring: a signature for any of them is ours. */
export function relyingPartyNames(bankid: BankIdConfig): readonly string[] {
  return [...rpCertificates(bankid).values()].map(({ certificate }) => relyingPartyName(certificate));
}

/** `CN`, `O`, `OU` and `C` become lower case; `serialNumber` and `name` are written as they are. */
function nameAttribute(attribute: string): string {
  const [type = ''] = attribute.split('=', 1);
  return (type === type.toUpperCase() ? type.toLowerCase() : type) + attribute.slice(type.length);
}
