import { X509Certificate } from 'node:crypto';
import type { BankIdConfig, RpCertificate } from './config.ts';

/** The id of the RP certificate for payments in browser, app and QR code; its holder is the operator. */
export const DEFAULT_RP_CERTIFICATE = 'default';

/** The form of all other ids. */
export const RP_CERTIFICATE_ID = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** The ring of RP certificates, by id, the default one first. */
export type RpCertificates = ReadonlyMap<string, RpCertificate>;

export function rpCertificates(bankid: BankIdConfig): RpCertificates {
  const { client, certificate } = bankid;
  return new Map([[DEFAULT_RP_CERTIFICATE, { client, certificate }], ...bankid.furtherCertificates]);
}

/**
 * What the certificate calls its holder: the name that the BankID app shows (`name`), and the company (`CN`). `O` is the bank that
 * issued it.
 */
export function holderNames({ certificate }: Pick<RpCertificate, 'certificate'>): readonly string[] {
  const attributes = new X509Certificate(certificate).subject.split('\n').map((line) => line.split(/=(.*)/s));
  return attributes.flatMap(([type, value]) => ((type === 'name' || type === 'CN') && value ? [value] : []));
}
