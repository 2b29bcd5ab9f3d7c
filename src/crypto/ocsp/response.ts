import { inside, only, readDer, tags, type DerCursor, type DerValue } from '../asn1/der.ts';
import {
  readBitOctets,
  readGeneralizedTime,
  readIntegerBytes,
  readNull,
  readOctets,
  readOid,
} from '../asn1/der-values.ts';
import { readSmallInteger } from '../asn1/der-values.ts';
import { Malformed } from '../malformed.ts';
import { oids } from '../asn1/oids.ts';
import { readAlgorithm } from '../x509/certificate.ts';
import { readExtensions, type Extension } from '../x509/extensions.ts';

export interface CertId {
  readonly hashAlgorithm: string;
  readonly issuerNameHash: Buffer;
  readonly issuerKeyHash: Buffer;
  readonly serial: Buffer;
}

export type CertStatus =
  { readonly kind: 'good' } | { readonly kind: 'revoked'; readonly at: Date } | { readonly kind: 'unknown' };

export interface SingleResponse {
  readonly certId: CertId;
  readonly status: CertStatus;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  readonly extensions: readonly Extension[];
}

export type ResponderId =
  { readonly kind: 'name'; readonly der: Buffer } | { readonly kind: 'key'; readonly hash: Buffer };

export interface BasicOcspResponse {
  readonly tbs: Buffer;
  readonly responderId: ResponderId;
  readonly producedAt: Date;
  readonly responses: readonly SingleResponse[];
  readonly extensions: readonly Extension[];
  readonly signatureAlgorithm: string;
  readonly signature: Buffer;
  /** DER of each certificate sent along. */
  readonly certificates: readonly Buffer[];
}

/** `status` is the OCSPResponseStatus; only 0 (successful) has an answer. */
export interface OcspResponse {
  readonly der: Buffer;
  readonly status: number;
  readonly basic: BasicOcspResponse | undefined;
}

const MAX_CERTIFICATES = 4;

/**
 * Reads an OCSP response in DER. Nothing is verified.
 * @throws Malformed
 * @see RFC 6960 §4.2.1
 */
export function parseOcspResponse(der: Uint8Array): OcspResponse {
  const whole = readDer(der, tags.sequence);
  const outer = inside(whole);
  const status = readSmallInteger(outer.next(tags.enumerated), tags.enumerated);
  const wrapper = outer.optional(0xa0);
  outer.end();
  if ((status === 0) !== (wrapper !== undefined)) throw new Malformed('OCSP: status and answer disagree');
  return { der: whole.raw, status, basic: wrapper && readResponseBytes(only(wrapper)) };
}

/**
 * The nonce of a response: bare octets, as BankID writes them, or wrapped in another OCTET STRING, as the RFC
 * requires. `undefined` unless there is exactly one, of exactly `length` octets.
 * @see RFC 8954 §2.1
 */
export function findNonce(response: BasicOcspResponse, length: number): Buffer | undefined {
  const nonces = response.extensions.filter((extension) => extension.oid === oids.ocspNonce);
  const value = nonces[0]?.value;
  if (!value || nonces.length !== 1) return undefined;
  if (value.length === length) return value;
  const wrapped = value[0] === tags.octetString && value[1] === length && value.length === length + 2;
  return wrapped ? value.subarray(2) : undefined;
}

function readResponseBytes(value: DerValue): BasicOcspResponse {
  const fields = inside(value, tags.sequence);
  if (readOid(fields.next(tags.oid)) !== oids.ocspBasic) throw new Malformed('OCSP: not a basic response');
  const basic = inside(readDer(readOctets(fields.next(tags.octetString)), tags.sequence));
  fields.end();
  const tbs = basic.next(tags.sequence);
  const signatureAlgorithm = readAlgorithm(basic.next(tags.sequence));
  const signature = readBitOctets(basic.next(tags.bitString));
  const sent = basic.optional(0xa0);
  basic.end();
  const certificates = sent ? inside(only(sent), tags.sequence).rest(tags.sequence) : [];
  if (certificates.length > MAX_CERTIFICATES) throw new Malformed('OCSP: too many certificates');
  return {
    ...readResponseData(inside(tbs)),
    tbs: tbs.raw,
    signatureAlgorithm,
    signature,
    certificates: certificates.map((certificate) => certificate.raw),
  };
}

type ResponseData = Pick<BasicOcspResponse, 'responderId' | 'producedAt' | 'responses' | 'extensions'>;

function readResponseData(fields: DerCursor): ResponseData {
  const responderId = readResponderId(fields.next());
  const producedAt = readGeneralizedTime(fields.next());
  const responses = inside(fields.next(tags.sequence)).rest(tags.sequence).map(readSingleResponse);
  const extensions = readWrappedExtensions(fields.optional(0xa1));
  fields.end();
  return { responderId, producedAt, responses, extensions };
}

function readResponderId(value: DerValue): ResponderId {
  if (value.tag === 0xa1) return { kind: 'name', der: only(value).raw };
  if (value.tag === 0xa2) return { kind: 'key', hash: readOctets(only(value)) };
  // This also refuses an encoded version: v1 is the default, and DER omits defaults.
  throw new Malformed('OCSP: responderID');
}

function readSingleResponse(value: DerValue): SingleResponse {
  const fields = inside(value);
  const certId = readCertId(inside(fields.next(tags.sequence)));
  const status = readStatus(fields.next());
  const thisUpdate = readGeneralizedTime(fields.next());
  const next = fields.optional(0xa0);
  const extensions = readWrappedExtensions(fields.optional(0xa1));
  fields.end();
  return { certId, status, thisUpdate, nextUpdate: next && readGeneralizedTime(only(next)), extensions };
}

function readCertId(fields: DerCursor): CertId {
  const certId = {
    hashAlgorithm: readAlgorithm(fields.next(tags.sequence)),
    issuerNameHash: readOctets(fields.next(tags.octetString)),
    issuerKeyHash: readOctets(fields.next(tags.octetString)),
    serial: readIntegerBytes(fields.next(tags.integer)),
  };
  fields.end();
  return certId;
}

function readStatus(value: DerValue): CertStatus {
  switch (value.tag) {
    case 0x80:
      readNull(value, 0x80);
      return { kind: 'good' };
    case 0xa1: {
      const fields = inside(value);
      const at = readGeneralizedTime(fields.next());
      const reason = fields.optional(0xa0);
      if (reason) readSmallInteger(only(reason), tags.enumerated);
      fields.end();
      return { kind: 'revoked', at };
    }
    case 0x82:
      readNull(value, 0x82);
      return { kind: 'unknown' };
    default:
      throw new Malformed('OCSP: certStatus');
  }
}

function readWrappedExtensions(wrapper: DerValue | undefined): Extension[] {
  return wrapper ? readExtensions(inside(only(wrapper), tags.sequence)) : [];
}
