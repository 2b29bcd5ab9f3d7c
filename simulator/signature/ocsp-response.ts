import { createHash, randomBytes, type KeyObject } from 'node:crypto';
import type { Authority } from '../pki/authorities.ts';
import { encodeName, keyIdentifier, signatureAlgorithm, signWith, type Name } from '../pki/certificate.ts';
import {
  bitString,
  context,
  contextPrimitive,
  derNull,
  derTrue,
  enumerated,
  generalizedTime,
  integer,
  objectIdentifier,
  octetString,
  sequence,
} from '../pki/der.ts';
import { oids } from '../pki/oids.ts';

export interface OcspFacts {
  readonly serial: Buffer;
  readonly status: 'good' | 'revoked' | 'unknown';
  readonly producedAt: Date;
  /** 32 bytes that stand raw in the extension; undefined for no nonce. */
  readonly nonce: Buffer | undefined;
}

export interface Responder {
  readonly name: Name;
  readonly key: KeyObject;
  readonly certificate: Buffer;
  readonly issuer: Authority;
}

/** SHA-1 of the signature's base64 text exactly as delivered, then 12 random bytes: what ties the answer to the signature. */
export function nonceFor(signatureText: string): Buffer {
  return Buffer.concat([createHash('sha1').update(signatureText, 'ascii').digest(), randomBytes(12)]);
}

/**
 * An OCSP response as BankID's: byName, one SingleResponse, SHA-1 CertID, thisUpdate = producedAt, no nextUpdate, the
 * nonce critical and raw, sha256WithRSA, the responder's certificate alone.
 * @see RFC 6960 §4.2.1
 */
export async function makeOcspResponse(facts: OcspFacts, responder: Responder): Promise<Buffer> {
  const producedAt = generalizedTime(facts.producedAt);
  const single = sequence(certId(facts.serial, responder.issuer), certStatus(facts), producedAt);
  const responseData = sequence(
    context(1, encodeName(responder.name)),
    producedAt,
    sequence(single),
    ...(facts.nonce === undefined ? [] : [context(1, sequence(nonceExtension(facts.nonce)))]),
  );
  const basic = sequence(
    responseData,
    signatureAlgorithm('sha256', responder.key),
    bitString(await signWith('sha256', responseData, responder.key)),
    context(0, sequence(responder.certificate)),
  );
  return sequence(enumerated(0), context(0, sequence(objectIdentifier(oids.ocspBasic), octetString(basic))));
}

function certId(serial: Buffer, issuer: Authority): Buffer {
  const nameHash = createHash('sha1').update(encodeName(issuer.name)).digest();
  const algorithm = sequence(objectIdentifier(oids.sha1), derNull());
  return sequence(algorithm, octetString(nameHash), octetString(keyIdentifier(issuer.publicKey)), integer(serial));
}

function certStatus(facts: OcspFacts): Buffer {
  switch (facts.status) {
    case 'good':
      return contextPrimitive(0);
    case 'revoked':
      return context(1, generalizedTime(new Date(facts.producedAt.getTime() - 3600_000)));
    case 'unknown':
      return contextPrimitive(2);
  }
}

const nonceExtension = (nonce: Buffer): Buffer =>
  sequence(objectIdentifier(oids.ocspNonce), derTrue(), octetString(nonce));
