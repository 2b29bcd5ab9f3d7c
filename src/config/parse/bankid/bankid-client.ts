import { X509Certificate, createPrivateKey, type KeyObject } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { Secret } from '../../../kernel/secret.ts';
import type { RpCertificate } from '../../config.ts';
import type { VariableName } from '../../settings.ts';
import { fault } from '../faults.ts';
import type { Variables } from '../variables.ts';

/** What names the files of a certificate. */
export interface CertificateNames<Name extends string = string> {
  readonly certificate: Name;
  readonly key: Name;
  readonly p12: Name;
  readonly passphrase: Name;
}

const ofTheDefault: CertificateNames<VariableName> = {
  certificate: 'BANKID_CERTIFICATE_FILE',
  key: 'BANKID_KEY_FILE',
  p12: 'BANKID_P12_FILE',
  passphrase: 'BANKID_P12_PASSPHRASE',
};

/** The RP certificate for payments in browser, app and QR code. */
export function parseDefaultCertificate(variables: Variables): RpCertificate {
  return parseRpCertificate(variables, ofTheDefault);
}

/** An RP certificate and its key: two PEM files or one PKCS #12 file, never both. */
export function parseRpCertificate<Name extends string>(
  variables: Variables<Name>,
  names: CertificateNames<Name>,
): RpCertificate {
  const pem = [names.certificate, names.key].some((name) => variables.find(name) !== undefined);
  const p12 = variables.find(names.p12) !== undefined;
  if (pem && p12) throw fault(`Both ${names.p12} and ${names.certificate} or ${names.key} are set; choose one.`);
  if (pem) return parsePem(variables, names);
  if (p12) return parseP12(variables, names);
  throw fault(`Neither ${names.certificate} with ${names.key} nor ${names.p12} is set.`);
}

function parsePem<Name extends string>(variables: Variables<Name>, names: CertificateNames<Name>): RpCertificate {
  const cert = variables.readFile(names.certificate).toString('utf8');
  const key = variables.readSecretFile(names.key).toString('utf8');
  const certificate = parseCertificate(cert, names);
  if (!certificate.checkPrivateKey(parseKey(key, names))) {
    throw fault(`${names.key} is not the key of ${names.certificate}.`);
  }
  return { client: { kind: 'pem', cert, key: new Secret(key) }, certificate: certificate.raw };
}

function parseCertificate(pem: string, names: CertificateNames): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw fault(`${names.certificate} holds no certificate in PEM.`);
  }
}

function parseKey(pem: string, names: CertificateNames): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw fault(`${names.key} holds no unencrypted private key in PEM.`);
  }
}

function parseP12<Name extends string>(variables: Variables<Name>, names: CertificateNames<Name>): RpCertificate {
  const pfx = variables.readSecretFile(names.p12);
  const passphrase = variables.getSecret(names.passphrase);
  const certificate = certificateOf(pfx, passphrase, variables.get(names.p12), names);
  return { client: { kind: 'p12', pfx: new Secret(pfx), passphrase: new Secret(passphrase) }, certificate };
}

function certificateOf(pfx: Buffer, passphrase: string, path: string, names: CertificateNames): Buffer {
  try {
    // Node reads PKCS #12 only into a TLS context, which gives its certificate.
    const context = createSecureContext({ pfx, passphrase }) as {
      readonly context: { getCertificate(): Buffer | null };
    };
    const certificate = context.context.getCertificate();
    if (certificate) return certificate;
  } catch (error) {
    throw fault(p12Fault(error, path, names));
  }
  throw fault(`${names.p12} holds no certificate with its key.`);
}

function p12Fault(error: unknown, path: string, { p12, passphrase }: CertificateNames): string {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  if (code === 'ERR_CRYPTO_UNSUPPORTED_OPERATION' || /unsupported/i.test(message ?? '')) return reEncrypt(path, p12);
  if (message === 'mac verify failure') return `${passphrase} does not open ${p12}.`;
  return `${p12} is not a PKCS #12 file.`;
}

/** BankID's older certificate tools write RC2-40, which OpenSSL 3, and so Node, reads with its legacy provider only. */
function reEncrypt(path: string, p12: string): string {
  const command = `(umask 077; openssl pkcs12 -legacy -in ${path} -nodes -out rp.pem && openssl pkcs12 -export -in rp.pem -out rp.p12; rm -f rp.pem)`;
  return `${p12} is encrypted with RC2-40, which is no longer supported; re-encrypt it and use rp.p12 instead: ${command}`;
}
