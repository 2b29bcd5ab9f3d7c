import type { KeyObject } from 'node:crypto';
import { DAY_MS } from '../../src/kernel/clock.ts';
import { bankName, forEndEntities, rsaKeyPair, type Authority } from './authorities.ts';
import { extensions, issueCertificate, type Name } from './certificate.ts';
import { testPolicies } from './oids.ts';
import { fullName, type Person } from './people.ts';

/** `funcId` of the signature; it also decides the certificate's key usage. */
export type SignatureFunction = 'Signing' | 'Identification';

/** A payer's certificate with its key. */
export interface PayerCertificate {
  readonly der: Buffer;
  readonly serial: Buffer;
  readonly privateKey: KeyObject;
  readonly issuedAt: Date;
  /** A day before it was issued: a BankID is never as new as that by itself. */
  readonly validFrom: Date;
}

const lifetimeDays = 366;

/** Issues payers' certificates on demand and keeps them: one key per person, one certificate per person and use. */
export class PayerCertificates {
  readonly #customerCa: Authority;
  readonly #keys = new Map<string, ReturnType<typeof rsaKeyPair>>();
  readonly #certificates = new Map<string, Promise<PayerCertificate>>();

  constructor(customerCa: Authority) {
    this.#customerCa = customerCa;
  }

  /** The person's certificate, valid at `now`. */
  async certificateOf(person: Person, use: SignatureFunction, now: Date): Promise<PayerCertificate> {
    const id = `${use} ${person.personalNumber} ${fullName(person)}`;
    const kept = await this.#certificates.get(id);
    const age = kept === undefined ? Number.POSITIVE_INFINITY : now.getTime() - kept.issuedAt.getTime();
    if (kept && age > -DAY_MS / 2 && age < (lifetimeDays - 2) * DAY_MS) return kept;
    const issued = this.#issue(person, use, now);
    this.#certificates.set(id, issued);
    return issued;
  }

  async #issue(person: Person, use: SignatureFunction, now: Date): Promise<PayerCertificate> {
    const { publicKey, privateKey } = await this.#keyOf(person);
    const validFrom = new Date(now.getTime() - DAY_MS);
    const certificate = await issueCertificate(
      {
        subject: subjectOf(person, now),
        publicKey,
        notBefore: validFrom,
        notAfter: new Date(now.getTime() + (lifetimeDays - 1) * DAY_MS),
        extensions: [
          extensions.ocspAt('http://revocationstatus.invalid'),
          extensions.policy(testPolicies.mobile),
          extensions.keyUsage(use === 'Signing' ? 'nonRepudiation' : 'digitalSignature'),
          extensions.authorityKeyIdentifier(this.#customerCa.publicKey),
          extensions.subjectKeyIdentifier(publicKey),
        ],
      },
      forEndEntities(this.#customerCa),
    );
    return { ...certificate, privateKey, issuedAt: now, validFrom };
  }

  #keyOf(person: Person): ReturnType<typeof rsaKeyPair> {
    const kept = this.#keys.get(person.personalNumber) ?? rsaKeyPair(2048);
    this.#keys.set(person.personalNumber, kept);
    return kept;
  }
}

function subjectOf(person: Person, issuedAt: Date): Name {
  const stamp = issuedAt.toISOString();
  const issued = `${stamp.slice(2, 10).replaceAll('-', '')} ${stamp.slice(11, 16).replace(':', '.')}`;
  return [
    ['countryName', 'SE'],
    ['organizationName', bankName],
    ['surname', person.surname],
    ['givenName', person.givenName],
    ['serialNumber', person.personalNumber],
    ['name', `(${issued}) ${fullName(person)} - Mobilt BankID`],
    ['commonName', fullName(person)],
  ];
}
