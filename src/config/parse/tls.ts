import { createPrivateKey, X509Certificate } from 'node:crypto';
import { Secret } from '../../kernel/secret.ts';
import type { MtlsConfig, TlsConfig } from '../config.ts';
import { fault } from './faults.ts';
import { parsePort } from './settings.ts';
import type { Variables } from './variables.ts';

const CERTIFICATES = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The service's own certificate and key, if it terminates TLS itself; behind a proxy that does, neither is set. */
export function parseTls(variables: Variables): TlsConfig | undefined {
  const names = (['TLS_CERTIFICATE_FILE', 'TLS_KEY_FILE'] as const).filter(
    (name) => variables.find(name) !== undefined,
  );
  if (names.length === 0) return undefined;
  if (names.length === 1) throw fault('TLS_CERTIFICATE_FILE and TLS_KEY_FILE belong together; one of them is not set.');
  const certificate = variables.readFile('TLS_CERTIFICATE_FILE').toString('utf8');
  const key = variables.readSecretFile('TLS_KEY_FILE').toString('utf8');
  const [leaf] = parseCertificates('TLS_CERTIFICATE_FILE', certificate);
  if (!leaf?.checkPrivateKey(parseKey(key))) throw fault('TLS_KEY_FILE is not the key of TLS_CERTIFICATE_FILE.');
  if (variables.find('ISSUER')?.startsWith('http:')) throw fault('ISSUER must be https where TLS_KEY_FILE is set.');
  return { certificate, key: new Secret(key) };
}

/**
 * Client certificates, accepted by a listener of our own (MTLS_PORT) or by a proxy under another name (MTLS_URL). They are not
 * requested where payers come: a browser would ask its user for one.
 */
export function parseMtls(variables: Variables): MtlsConfig | undefined {
  const port = variables.find('MTLS_PORT') === undefined ? undefined : parsePort(variables, 'MTLS_PORT');
  if (variables.find('CLIENT_CA_FILE') === undefined) {
    if (port !== undefined || variables.find('MTLS_URL') !== undefined) {
      throw fault('MTLS_PORT and MTLS_URL need CLIENT_CA_FILE, the authorities that issue client certificates.');
    }
    return undefined;
  }
  const clientCas = parseCertificates('CLIENT_CA_FILE', variables.readFile('CLIENT_CA_FILE').toString('utf8'));
  if (port !== undefined && variables.find('TLS_KEY_FILE') === undefined) {
    throw fault('MTLS_PORT needs TLS_CERTIFICATE_FILE and TLS_KEY_FILE.');
  }
  if (port === undefined && variables.find('TRUSTED_PROXIES') === undefined) {
    throw fault('CLIENT_CA_FILE needs MTLS_PORT, or TRUSTED_PROXIES that forward client certificates.');
  }
  return { url: parseMtlsUrl(variables, port), port, clientCas: clientCas.map((certificate) => certificate.raw) };
}

function parseMtlsUrl(variables: Variables, port: number | undefined): string {
  const text = variables.find('MTLS_URL');
  if (text === undefined) return issuerHostUrl(variables, port);
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' || url.origin !== text) throw fault('MTLS_URL must be an https origin.');
  return text;
}

function issuerHostUrl(variables: Variables, port: number | undefined): string {
  if (port === undefined)
    throw fault('MTLS_URL is not set: the https origin under which the proxy requests certificates.');
  const issuer = URL.parse(variables.get('ISSUER'));
  if (!issuer) throw fault('MTLS_URL cannot be derived from ISSUER.');
  return `https://${issuer.hostname}:${port}`;
}

/** @throws ConfigError when there is none */
export function parseCertificates(name: string, pem: string): readonly X509Certificate[] {
  try {
    const found = (pem.match(CERTIFICATES) ?? []).map((block) => new X509Certificate(block));
    if (found.length > 0) return found;
  } catch {
    // Reported below, as for a file without any certificate.
  }
  throw fault(`${name} holds no certificate in PEM.`);
}

function parseKey(pem: string): ReturnType<typeof createPrivateKey> {
  try {
    return createPrivateKey(pem);
  } catch {
    throw fault('TLS_KEY_FILE holds no unencrypted private key in PEM.');
  }
}
