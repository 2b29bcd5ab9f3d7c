import { valuesOf } from '../../crypto/x509/distinguished-name.ts';
import { oids } from '../../crypto/asn1/oids.ts';
import type { Certificate } from '../../crypto/x509/certificate.ts';

/** The person in a payer's certificate. */
export function signerOf({ subject }: Certificate): { readonly personalNumber: string; readonly name: string } {
  const first = (type: string): string => valuesOf(subject, type)[0] ?? '';
  return { personalNumber: first(oids.serialNumber), name: first(oids.commonName) };
}

/** The names of the person by themselves; empty where the certificate has none. */
export function namesOf({ subject }: Certificate): { readonly givenName: string; readonly surname: string } {
  return { givenName: valuesOf(subject, oids.givenName)[0] ?? '', surname: valuesOf(subject, oids.surname)[0] ?? '' };
}
