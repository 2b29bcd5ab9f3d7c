import { X509Certificate, createPrivateKey, type KeyObject } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { Secret } from '../../kernel/secret.ts';
import type { BankIdClientKey } from '../config.ts';
import { fault } from './faults.ts';
import type { Variables } from './variables.ts';

interface ClientKeyAndCertificate {
  readonly client: BankIdClientKey;
  readonly certificate: Buffer;
}

/** Our RP certificate and its key: two PEM files or one PKCS #12 file, never both. */
export function parseBankIdClient(variables: Variables): ClientKeyAndCertificate {
  const pem = ['BANKID_CERTIFICATE_FILE', 'BANKID_KEY_FILE'].some((name) => variables.find(name) !== undefined);
  const p12 = variables.find('BANKID_P12_FILE') !== undefined;
  if (pem && p12)
    throw fault('Both BANKID_P12_FILE and BANKID_CERTIFICATE_FILE or BANKID_KEY_FILE are set; choose one.');
  if (pem) return parsePem(variables);
  if (p12) return parseP12(variables);
  throw fault('Neither BANKID_CERTIFICATE_FILE with BANKID_KEY_FILE nor BANKID_P12_FILE is set.');
}

function parsePem(variables: Variables): ClientKeyAndCertificate {
  const cert = variables.readFile('BANKID_CERTIFICATE_FILE').toString('utf8');
  const key = variables.readSecretFile('BANKID_KEY_FILE').toString('utf8');
  const certificate = parseCertificate(cert);
  if (!certificate.checkPrivateKey(parseKey(key))) {
    throw fault('BANKID_KEY_FILE is not the key of BANKID_CERTIFICATE_FILE.');
  }
  return { client: { kind: 'pem', cert, key: new Secret(key) }, certificate: certificate.raw };
}

function parseCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw fault('BANKID_CERTIFICATE_FILE holds no certificate in PEM.');
  }
}

function parseKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw fault('BANKID_KEY_FILE holds no unencrypted private key in PEM.');
  }
}

function parseP12(variables: Variables): ClientKeyAndCertificate {
  const pfx = variables.readSecretFile('BANKID_P12_FILE');
  const passphrase = variables.getSecret('BANKID_P12_PASSPHRASE');
  const certificate = certificateOf(pfx, passphrase, variables.get('BANKID_P12_FILE'));
  return { client: { kind: 'p12', pfx: new Secret(pfx), passphrase: new Secret(passphrase) }, certificate };
}

function certificateOf(pfx: Buffer, passphrase: string, path: string): Buffer {
  try {
    // Node reads PKCS #12 only into a TLS context, which gives its certificate.
    const context = createSecureContext({ pfx, passphrase }) as {
      readonly context: { getCertificate(): Buffer | null };
    };
    const certificate = context.context.getCertificate();
    if (certificate) return certificate;
  } catch (error) {
    throw fault(p12Fault(error, path));
  }
  throw fault('BANKID_P12_FILE holds no certificate with its key.');
}

function p12Fault(error: unknown, path: string): string {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  if (code === 'ERR_CRYPTO_UNSUPPORTED_OPERATION' || /unsupported/i.test(message ?? '')) return reEncrypt(path);
  if (message === 'mac verify failure') return 'BANKID_P12_PASSPHRASE does not open BANKID_P12_FILE.';
  return 'BANKID_P12_FILE is not a PKCS #12 file.';
}

/** BankID's older certificate tools write RC2-40, which OpenSSL 3, and so Node, reads with its legacy provider only. */
function reEncrypt(path: string): string {
  const command = `(umask 077; openssl pkcs12 -legacy -in ${path} -nodes -out rp.pem && openssl pkcs12 -export -in rp.pem -out rp.p12; rm -f rp.pem)`;
  return `BANKID_P12_FILE is encrypted with RC2-40, which is no longer supported; re-encrypt it and use rp.p12 instead: ${command}`;
}
