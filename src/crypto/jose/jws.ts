import { constants, verify, type KeyObject } from 'node:crypto';
import { isJsonObject, parseJsonText, type JsonObject } from '../../kernel/json.ts';
import { Malformed } from '../malformed.ts';
import { findUtf8 } from '../utf8.ts';

/** The signature algorithms of FAPI 2.0 §5.4.1; EdDSA means Ed25519. */
export type JwsAlgorithm = 'ES256' | 'PS256' | 'EdDSA';

/** A JWS in compact form, read but not verified. */
export interface Jws {
  readonly header: JsonObject;
  readonly payload: Buffer;
  /** What was signed: header and payload as received. */
  readonly signingInput: Buffer;
  readonly signature: Buffer;
}

/**
 * Reads a JWS. Each of its three parts is the canonical base64url of its octets, and none is empty: one text,
 * not several that decode to the same octets.
 * @throws Malformed
 * @see RFC 7515 §2, §7.1
 */
export function parseJws(compact: string): Jws {
  const [header, payload, signature, ...more] = compact.split('.');
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0) {
    throw new Malformed('not three parts');
  }
  return {
    header: parseJsonObject(decodeBase64Url(header)),
    payload: decodeBase64Url(payload),
    signingInput: Buffer.from(`${header}.${payload}`, 'latin1'),
    signature: decodeBase64Url(signature),
  };
}

/** A JWS whose payload is a set of claims. */
export interface Jwt extends Jws {
  readonly claims: JsonObject;
}

/** Reads a JWT. @throws Malformed like {@link parseJws}, {@link claimsOf} */
export function parseJwt(compact: string): Jwt {
  const jws = parseJws(compact);
  return { ...jws, claims: claimsOf(jws) };
}

/** The claims of a JWT. @throws Malformed where the payload is not a JSON object (RFC 7519 §7.2) */
export function claimsOf({ payload }: Jws): JsonObject {
  return parseJsonObject(payload);
}

/**
 * Whether `key` made this signature with `algorithm`. The caller compares both with the header.
 * Always false for a header with `crit`: we understand no extension.
 * @param key of the kind that the algorithm takes
 * @see RFC 7515 §4.1.11, §5.2; RFC 7518 §3.4, §3.5; RFC 8037 §3.1
 */
export function isSignedWith(
  { header, signingInput, signature }: Jws,
  algorithm: JwsAlgorithm,
  key: KeyObject,
): boolean {
  if (header['crit'] !== undefined) return false;
  try {
    return verifiers[algorithm](signingInput, key, signature);
  } catch {
    return false; // OpenSSL refuses the key, so it cannot have made the signature
  }
}

const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };

const verifiers: Readonly<Record<JwsAlgorithm, (data: Buffer, key: KeyObject, signature: Buffer) => boolean>> = {
  ES256: (data, key, signature) => signature.length === 64 && verify('sha256', data, key, toDer(signature)),
  PS256: (data, key, signature) => verify('sha256', data, { key, ...PSS }, signature),
  EdDSA: (data, key, signature) => verify(null, data, key, signature),
};

/** @throws Malformed */
function decodeBase64Url(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  // Node skips characters that it does not know, so the octets are encoded again and compared.
  if (text === '' || bytes.toString('base64url') !== text) throw new Malformed('not canonical base64url');
  return bytes;
}

/** @throws Malformed */
function parseJsonObject(bytes: Buffer): JsonObject {
  const value = parseJson(findUtf8(bytes) ?? '');
  if (!isJsonObject(value)) throw new Malformed('not a JSON object');
  return value;
}

function parseJson(text: string): unknown {
  try {
    return parseJsonText(text);
  } catch {
    throw new Malformed('not JSON');
  }
}

/**
 * R ‖ S as the ECDSA-Sig-Value that Node expects. To make it take R ‖ S, the key would have to be wrapped in an object, which
 * costs more than half of the verification itself.
 * @see RFC 7518 §3.4, RFC 3279 §2.2.3
 */
function toDer(signature: Buffer): Buffer {
  const half = signature.length / 2;
  const integers = Buffer.concat([toDerInteger(signature.subarray(0, half)), toDerInteger(signature.subarray(half))]);
  return Buffer.concat([Buffer.from([0x30, integers.length]), integers]);
}

/** Without leading zeros, except the one that keeps it positive. */
function toDerInteger(unsigned: Buffer): Buffer {
  let first = 0;
  while (first < unsigned.length - 1 && unsigned[first] === 0) first += 1;
  const magnitude = unsigned.subarray(first);
  const isHigh = (magnitude[0] ?? 0) >= 0x80;
  const header = isHigh ? [0x02, magnitude.length + 1, 0] : [0x02, magnitude.length];
  return Buffer.concat([Buffer.from(header), magnitude]);
}
