import { createPublicKey, hash, verify, type KeyObject } from 'node:crypto';
import { decodeBase64 } from '../../src/crypto/base64.ts';
import { parseOcspResponse } from '../../src/crypto/ocsp/response.ts';
import { parseCertificate } from '../../src/crypto/x509/certificate.ts';
import { parseBankidSignature, readKeyInfo } from '../../src/verification/bankid-signature.ts';
import type { Completion } from '../../src/verification/expectation.ts';

/** The inputs of the operations that no cache can save, for one evidence. */
export interface Limit {
  readonly text: string;
  readonly signedInfo: Buffer;
  readonly signatureValue: Buffer;
  readonly references: readonly Buffer[];
  /** PEM of PKCS #1: the cheapest way to hand a new key to Node. */
  readonly payerKey: string;
  readonly leafTbs: Buffer;
  readonly leafSignature: Buffer;
  readonly customerCaKey: KeyObject;
  readonly ocspTbs: Buffer;
  readonly ocspSignature: Buffer;
  readonly responderKey: KeyObject;
}

const pem = (keyOctets: Buffer): string =>
  `-----BEGIN RSA PUBLIC KEY-----\n${keyOctets.toString('base64')}\n-----END RSA PUBLIC KEY-----\n`;
const importKey = (keyOctets: Buffer): KeyObject => createPublicKey(pem(keyOctets));

/** Copies, so that nothing keeps a parsed document alive. */
export function limitOf({ signature, ocspResponse = '' }: Completion): Limit {
  const document = parseBankidSignature(signature);
  const references = Object.values(document.referenced);
  const [leaf, customerCa] = readKeyInfo(document.referenced['#bidKeyInfo']).map((der) => parseCertificate(der));
  const answer = parseOcspResponse(decodeBase64(ocspResponse)).basic;
  const [responder] = answer?.certificates ?? [];
  if (!leaf || !customerCa || !answer || !responder) throw new Error('the material lacks a certificate');
  return {
    text: signature,
    signedInfo: document.signedInfo,
    signatureValue: document.signatureValue,
    references,
    payerKey: pem(leaf.publicKey.keyOctets),
    leafTbs: Buffer.from(leaf.tbs),
    leafSignature: Buffer.from(leaf.signature),
    customerCaKey: importKey(customerCa.publicKey.keyOctets),
    ocspTbs: Buffer.from(answer.tbs),
    ocspSignature: Buffer.from(answer.signature),
    responderKey: importKey(parseCertificate(responder).publicKey.keyOctets),
  };
}

const isSigned = (data: Buffer, key: KeyObject | string, signature: Buffer): boolean =>
  verify('sha256', data, key, signature);

/** The operations, under the names that the result prints. Each throws when its material is not sound. */
export const operations: Readonly<Record<string, (limit: Limit) => void>> = {
  payerKeyAndSignature: ({ signedInfo, payerKey, signatureValue }) => {
    demand(isSigned(signedInfo, payerKey, signatureValue));
  },
  payerCertificate: ({ leafTbs, customerCaKey, leafSignature }) => {
    demand(isSigned(leafTbs, customerCaKey, leafSignature));
  },
  ocspResponse: ({ ocspTbs, responderKey, ocspSignature }) => {
    demand(isSigned(ocspTbs, responderKey, ocspSignature));
  },
  references: ({ references }) => {
    for (const octets of references) demand(hash('sha256', octets, 'buffer').length === 32);
  },
  nonce: ({ text }) => {
    demand(hash('sha1', text, 'buffer').length === 20);
  },
};

const all = Object.values(operations);

export function doLimit(limit: Limit): void {
  for (const operation of all) operation(limit);
}

function demand(isSound: boolean): void {
  if (!isSound) throw new Error('the material is not sound');
}
