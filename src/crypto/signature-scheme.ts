import { createPublicKey, verify, constants, type KeyObject } from 'node:crypto';
import { inside, only, tags, type DerValue } from './asn1/der.ts';
import { readNull, readOid, readSmallInteger } from './asn1/der-values.ts';
import { context, nullValue, objectIdentifier, sequence, smallInteger } from './asn1/der-writer.ts';
import { oids } from './asn1/oids.ts';
import { Malformed } from './malformed.ts';
import { MAX_RSA_BITS } from './rsa.ts';

/** The hashes of seals and timestamps. SHA-1 and MD5 are none of them. */
export type HashName = 'sha256' | 'sha384' | 'sha512';

/** How a seal, a timestamp, or the certificate or CRL behind one is signed. `saltLength` in octets. */
export type SignatureScheme =
  | { readonly kind: 'rsa-pkcs1'; readonly hash: HashName }
  | { readonly kind: 'rsa-pss'; readonly hash: HashName; readonly saltLength: number }
  | { readonly kind: 'ecdsa'; readonly hash: HashName };

const MIN_RSA_BITS = 2048;
const curves: ReadonlySet<string | undefined> = new Set(['prime256v1', 'secp384r1']);

const hashOids = { sha256: oids.sha256, sha384: oids.sha384, sha512: oids.sha512 } as const;
const rsaOids = { sha256: oids.sha256WithRsa, sha384: oids.sha384WithRsa, sha512: oids.sha512WithRsa } as const;
const ecdsaOids = { sha256: oids.ecdsaWithSha256, sha384: oids.ecdsaWithSha384, sha512: oids.ecdsaWithSha512 } as const;
const hashNames = Object.keys(hashOids) as HashName[];

/** An AlgorithmIdentifier of SHA-256, SHA-384 or SHA-512. @throws Malformed for any other @see RFC 5754 §2 */
export function readHash(value: DerValue): HashName {
  const fields = inside(value, tags.sequence);
  const oid = readOid(fields.next(tags.oid));
  const parameters = fields.optional(tags.null);
  if (parameters) readNull(parameters);
  fields.end();
  const hash = hashNames.find((name) => hashOids[name] === oid);
  if (hash === undefined) throw new Malformed('hash algorithm');
  return hash;
}

/** The AlgorithmIdentifier of a hash, without parameters. @see RFC 5754 §2 */
export const writeHash = (hash: HashName): Buffer => sequence(objectIdentifier(hashOids[hash]));

/**
 * A signature's AlgorithmIdentifier.
 * @param digest the signer's digest algorithm in CMS, where `rsaEncryption` may stand for PKCS #1 v1.5 with it
 * @throws Malformed for an algorithm or parameters that are not supported
 * @see RFC 3370 §3.2; RFC 4056 §2.2; RFC 5754 §3; RFC 5758 §3.2
 */
export function readSignatureScheme(value: DerValue, digest?: HashName): SignatureScheme {
  const fields = inside(value, tags.sequence);
  const oid = readOid(fields.next(tags.oid));
  if (oid === oids.rsaPss) {
    const scheme = readPss(fields.next(tags.sequence));
    fields.end();
    return scheme;
  }
  const ecdsa = hashNames.find((name) => ecdsaOids[name] === oid);
  const parameters = ecdsa === undefined ? fields.optional(tags.null) : undefined;
  if (parameters) readNull(parameters);
  fields.end();
  if (ecdsa !== undefined) return { kind: 'ecdsa', hash: ecdsa };
  const rsa = oid === oids.rsaEncryption ? digest : hashNames.find((name) => rsaOids[name] === oid);
  if (rsa === undefined) throw new Malformed('signature algorithm');
  return { kind: 'rsa-pkcs1', hash: rsa };
}

/** RSASSA-PSS-params with one hash throughout; the defaults are SHA-1 and therefore refused. @see RFC 4055 §3.1 */
function readPss(value: DerValue): SignatureScheme {
  const fields = inside(value);
  const hash = readHash(only(fields.next(0xa0)));
  const mask = inside(only(fields.next(0xa1)), tags.sequence);
  if (readOid(mask.next(tags.oid)) !== oids.mgf1 || readHash(mask.next(tags.sequence)) !== hash) {
    throw new Malformed('RSASSA-PSS parameters');
  }
  mask.end();
  const saltLength = readSmallInteger(only(fields.next(0xa2)));
  fields.end();
  if (saltLength > 64) throw new Malformed('RSASSA-PSS parameters');
  return { kind: 'rsa-pss', hash, saltLength };
}

/** The AlgorithmIdentifier of a signature. @see RFC 4056 §2.2; RFC 5754 §3 */
export function writeSignatureScheme(scheme: SignatureScheme): Buffer {
  switch (scheme.kind) {
    case 'ecdsa':
      return sequence(objectIdentifier(ecdsaOids[scheme.hash]));
    case 'rsa-pkcs1':
      return sequence(objectIdentifier(rsaOids[scheme.hash]), nullValue());
    case 'rsa-pss': {
      const hash = writeHash(scheme.hash);
      const mask = sequence(objectIdentifier(oids.mgf1), hash);
      return sequence(
        objectIdentifier(oids.rsaPss),
        sequence(context(0, hash), context(1, mask), context(2, smallInteger(scheme.saltLength))),
      );
    }
  }
}

/**
 * Whether `signature` is one of `data` under the key. A key of another kind, an RSA key below 2048 or above 4096 bits and a curve
 * other than P-256 and P-384 verify nothing.
 * @param spki SubjectPublicKeyInfo in DER
 */
export function isSignature(scheme: SignatureScheme, spki: Buffer, data: Uint8Array, signature: Uint8Array): boolean {
  try {
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    if (!fits(scheme, key)) return false;
    const { hash } = scheme;
    if (scheme.kind !== 'rsa-pss') return verify(hash, data, { key, dsaEncoding: 'der' }, signature);
    const pss = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength };
    return verify(hash, data, pss, signature);
  } catch {
    return false; // OpenSSL refuses the key, so it cannot have made the signature
  }
}

function fits(scheme: SignatureScheme, key: KeyObject): boolean {
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (scheme.kind === 'ecdsa') return key.asymmetricKeyType === 'ec' && curves.has(namedCurve);
  const isRsa = key.asymmetricKeyType === 'rsa' || (scheme.kind === 'rsa-pss' && key.asymmetricKeyType === 'rsa-pss');
  return isRsa && modulusLength >= MIN_RSA_BITS && modulusLength <= MAX_RSA_BITS;
}
