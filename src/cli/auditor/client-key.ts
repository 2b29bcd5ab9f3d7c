import { createPrivateKey, X509Certificate, type KeyObject, type webcrypto } from 'node:crypto';
import { isJsonObject } from '../../kernel/json.ts';
import { CommandFailure, exitCodes } from './failures.ts';

/** A client's private key, as it signs assertions. */
export interface ClientKey {
  readonly key: webcrypto.CryptoKey;
  /** By which the service finds it among the client's keys; a client with one key needs none. */
  readonly kid?: string;
}

/**
 * The key of a file: ES256, PS256 or EdDSA, by the kind of the key.
 * @param text a private JWK (RFC 7517), or PEM (PKCS #8, SEC 1)
 * @throws CommandFailure without a word of it
 */
export function importClientKey(text: string): ClientKey {
  const jwk = findJwk(text);
  const kid = jwk?.['kid'];
  const key = parse(() => createPrivateKey(jwk ? { key: jwk, format: 'jwk' } : text));
  return { key: signingKeyOf(key), ...(typeof kid === 'string' ? { kid } : {}) };
}

/** @throws CommandFailure where the certificate is none, or of another key */
export function checkCertificate(certificate: string, key: string): void {
  const isPair = parse(() => new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key)));
  if (!isPair) throw new CommandFailure('the key is not that of the certificate', exitCodes.config);
}

function findJwk(text: string): Readonly<Record<string, unknown>> | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  const jwk = parse(() => JSON.parse(text) as unknown);
  return isJsonObject(jwk) ? jwk : undefined;
}

function signingKeyOf(key: KeyObject): webcrypto.CryptoKey {
  const curve = key.asymmetricKeyDetails?.namedCurve;
  switch (key.asymmetricKeyType) {
    case 'ec':
      if (curve === 'prime256v1') return key.toCryptoKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
      break;
    case 'rsa':
      return key.toCryptoKey({ name: 'RSA-PSS', hash: 'SHA-256' }, false, ['sign']);
    case 'ed25519':
      return key.toCryptoKey('Ed25519', false, ['sign']);
    default:
  }
  throw new CommandFailure('the key is neither on P-256 nor of RSA nor Ed25519', exitCodes.config);
}

/** What the parser says of a key is not repeated: it may quote it. */
function parse<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw new CommandFailure('the key file holds neither a private JWK nor a private key in PEM', exitCodes.config);
  }
}
