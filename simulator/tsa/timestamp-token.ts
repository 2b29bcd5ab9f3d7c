import { createHash, randomBytes } from 'node:crypto';
import { encodeName, signatureAlgorithm, signWith } from '../pki/certificate.ts';
import {
  context,
  generalizedTime,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  smallInteger,
  certificateTime,
} from '../pki/der.ts';
import { oids } from '../pki/oids.ts';
import type { Signer } from './trust-services.ts';

/** The policy under which the authority says it stamps; an OID for examples. */
export const timestampPolicy = '2.999.3161.1';

export interface TokenFacts {
  /** MessageImprint in DER. */
  readonly imprint: Buffer;
  /** INTEGER in DER. */
  readonly nonce: Buffer | undefined;
  readonly time: Date;
  readonly certificates: readonly Buffer[];
  /** DER. */
  readonly crls: readonly Buffer[];
  readonly policy?: string;
  /** The SHA-1 attribute of RFC 2634 in place of signing-certificate-v2. */
  readonly onlySha1?: boolean;
  readonly brokenSignature?: boolean;
}

/** A timestamp token by `signer`: CMS with the TSTInfo inside, accuracy one second. @see RFC 3161 §2.4.2 */
export async function makeToken(facts: TokenFacts, signer: Signer): Promise<Buffer> {
  const info = sequence(
    smallInteger(1),
    objectIdentifier(facts.policy ?? timestampPolicy),
    facts.imprint,
    integer(randomBytes(16)),
    generalizedTime(facts.time),
    sequence(smallInteger(1)),
    ...(facts.nonce ? [facts.nonce] : []),
  );
  const sha256 = sequence(objectIdentifier(oids.sha256));
  const signedData = sequence(
    smallInteger(3),
    set(sha256),
    sequence(objectIdentifier(oids.tstInfo), context(0, octetString(info))),
    ...(facts.certificates.length > 0 ? [context(0, ...sorted(facts.certificates))] : []),
    ...(facts.crls.length > 0 ? [context(1, ...sorted(facts.crls))] : []),
    set(await signerInfo(info, facts, signer)),
  );
  return sequence(objectIdentifier(oids.signedData), context(0, signedData));
}

async function signerInfo(info: Buffer, facts: TokenFacts, signer: Signer): Promise<Buffer> {
  const sha256 = sequence(objectIdentifier(oids.sha256));
  const attributes = sorted([
    attribute(oids.contentType, objectIdentifier(oids.tstInfo)),
    attribute(oids.messageDigest, octetString(createHash('sha256').update(info).digest())),
    attribute(oids.signingTime, certificateTime(facts.time)),
    facts.onlySha1 === true ? firstVersion(signer) : secondVersion(signer),
  ]);
  const signature = await signWith('sha256', set(...attributes), signer.privateKey);
  if (facts.brokenSignature === true) signature[signature.length - 1] = (signature[signature.length - 1] ?? 0) ^ 1;
  return sequence(
    smallInteger(1),
    sequence(encodeName(signer.issuer.name), integer(signer.serial)),
    sha256,
    context(0, ...attributes),
    signatureAlgorithm('sha256', signer.privateKey),
    octetString(signature),
  );
}

const attribute = (type: string, value: Buffer): Buffer => sequence(objectIdentifier(type), set(value));

/** ESSCertIDv2 with the default SHA-256, and the issuer's name and serial number. @see RFC 5035 §5 */
function secondVersion({ certificate, serial, issuer }: Signer): Buffer {
  const digest = octetString(createHash('sha256').update(certificate).digest());
  const issuerSerial = sequence(sequence(context(4, encodeName(issuer.name))), integer(serial));
  return attribute(oids.signingCertificateV2, sequence(sequence(sequence(digest, issuerSerial))));
}

function firstVersion({ certificate }: Signer): Buffer {
  const digest = octetString(createHash('sha1').update(certificate).digest());
  return attribute(oids.signingCertificate, sequence(sequence(sequence(digest))));
}

/** In the order that DER gives the members of a SET OF. */
const sorted = (members: readonly Buffer[]): Buffer[] => [...members].sort((a, b) => Buffer.compare(a, b));
