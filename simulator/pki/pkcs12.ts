import { createHash, createHmac, randomBytes, type KeyObject } from 'node:crypto';
import {
  bmpString,
  context,
  derNull,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  smallInteger,
} from './der.ts';
import { fromPem } from './pem.ts';
import { oids } from './oids.ts';

const iterations = 2048;

/**
 * A PKCS #12 file (RFC 7292) with one key and its certificate: the form in which banks deliver RP certificates. The key
 * is encrypted with PBES2 (AES-256), the whole authenticated with HMAC-SHA-256.
 */
export function makePkcs12(key: KeyObject, certificate: Buffer, passphrase: string): Buffer {
  const attributes = set(
    sequence(objectIdentifier(oids.localKeyId), set(octetString(createHash('sha1').update(certificate).digest()))),
    sequence(objectIdentifier(oids.friendlyName), set(bmpString('rp'))),
  );
  const keyBag = bag(oids.pkcs8ShroudedKeyBag, encryptedKey(key, passphrase), attributes);
  const certificateBag = bag(
    oids.certBag,
    sequence(objectIdentifier(oids.x509Certificate), context(0, octetString(certificate))),
    attributes,
  );
  const contents = sequence(data(sequence(certificateBag)), data(sequence(keyBag)));
  return sequence(smallInteger(3), data(contents), macData(contents, passphrase));
}

const data = (contents: Buffer): Buffer =>
  sequence(objectIdentifier(oids.pkcs7Data), context(0, octetString(contents)));

const bag = (oid: string, value: Buffer, attributes: Buffer): Buffer =>
  sequence(objectIdentifier(oid), context(0, value), attributes);

function encryptedKey(key: KeyObject, passphrase: string): Buffer {
  const pem = key.export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase,
  });
  return fromPem(pem.toString());
}

function macData(contents: Buffer, passphrase: string): Buffer {
  const salt = randomBytes(16);
  const mac = createHmac('sha256', macKey(passphrase, salt)).update(contents).digest();
  const algorithm = sequence(objectIdentifier(oids.sha256), derNull());
  return sequence(sequence(algorithm, octetString(mac)), octetString(salt), integer(uint16(iterations)));
}

const uint16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);

/** RFC 7292 appendix B.2 with SHA-256 and ID 3: as many bytes as one hash gives, so that step 6 never repeats. */
function macKey(passphrase: string, salt: Buffer): Buffer {
  const block = 64;
  const password = Buffer.from(`${passphrase}\0`, 'utf16le').swap16();
  let digest = Buffer.concat([Buffer.alloc(block, 3), fill(salt, block), fill(password, block)]);
  for (let round = 0; round < iterations; round += 1) digest = createHash('sha256').update(digest).digest();
  return digest;
}

/** `bytes` repeated up to the next multiple of `block`. */
function fill(bytes: Buffer, block: number): Buffer {
  return Buffer.alloc(Math.ceil(bytes.length / block) * block, bytes);
}
