import { valuesOf } from '../../crypto/distinguished-name.ts';
import { oids } from '../../crypto/oids.ts';
import type { Certificate } from '../../crypto/x509.ts';

/** Whom a payer's certificate names. */
export function signerOf({ subject }: Certificate): { readonly personalNumber: string; readonly name: string } {
  const first = (type: string): string => valuesOf(subject, type)[0] ?? '';
  return { personalNumber: first(oids.serialNumber), name: first(oids.commonName) };
}
