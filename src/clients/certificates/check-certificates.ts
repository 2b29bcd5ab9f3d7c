import { holderNames, type RpCertificates } from '../../config/rp-certificates.ts';
import type { Client } from '../clients.ts';
import type { Faults } from '../parse/faults.ts';

/**
 * The BankID app names the holder of the RP certificate. In a phone call and at a login that must be the party that the person talks
 * with or logs in to: the certificate is of the ring, and its holder has the name under which the client is registered.
 */
export function checkCertificates(clients: readonly Client[], ring: RpCertificates, faults: Faults): void {
  clients.forEach(({ name, bankidCertificate: id }, index) => {
    // Empty where it was refused before.
    if (id === undefined || id === '') return;
    const here = faults.at(`/${index}`);
    const certificate = ring.get(id);
    if (!certificate) {
      here.addBeyondSchema('/bankidCertificate', 'is no certificate of BANKID_CERTIFICATES_FILE');
      return;
    }
    const holder = holderNames(certificate);
    if (!holder.some((named) => sameName(named, name)))
      here.addBeyondSchema(
        '/bankidCertificate',
        `is of ${holder.join(' or ') || 'a holder without a name'}, not of ${name}`,
      );
  });
}

function sameName(one: string, other: string): boolean {
  return plain(one) === plain(other);
}

/** Registers and banks differ in capitals and spaces. */
function plain(name: string): string {
  return name.normalize('NFC').replaceAll(/\s+/g, ' ').trim().toLowerCase();
}
