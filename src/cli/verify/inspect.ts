import { decodeBase64 } from '../../crypto/base64.ts';
import type { DistinguishedName } from '../../crypto/x509/distinguished-name.ts';
import { attempt, Malformed } from '../../crypto/malformed.ts';
import { parseOcspResponse, type BasicOcspResponse } from '../../crypto/ocsp/response.ts';
import { findOidName } from '../../crypto/asn1/oids.ts';
import { fingerprint, parseCertificate, parsePemCertificate, type Certificate } from '../../crypto/x509/certificate.ts';
import type { Extension } from '../../crypto/x509/extensions.ts';
import { formatInstant } from '../../kernel/clock.ts';
import type { JsonObject, JsonValue } from '../../kernel/json.ts';
import { parseBankidSignature, readKeyInfo, readSignedData } from '../../verification/bankid-signature.ts';
import { signatureText } from '../../evidence-files/completion-files.ts';

/** Nothing is verified, and nothing shown that names a person: types and lengths instead of names and texts. */
export function inspect(bytes: Buffer): JsonObject {
  const reasons: string[] = [];
  for (const read of [inspectSignature, inspectOcsp, inspectCertificate]) {
    const description = attempt(() => read(bytes));
    if (!(description instanceof Malformed)) return description;
    reasons.push(description.message);
  }
  const [asSignature = '', asOcsp = '', asCertificate = ''] = reasons;
  return { kind: 'unknown', bytes: bytes.length, asSignature, asOcsp, asCertificate };
}

function inspectSignature(bytes: Buffer): JsonObject {
  const { text } = signatureText(bytes);
  const { hash, references, referenced, signatureValue, signedInfo } = parseBankidSignature(text);
  const content = readSignedData(referenced['#bidSignedData']);
  return {
    kind: 'bankid-signature',
    base64Length: text.length,
    canonicalization: 'c14n-20010315',
    signatureMethod: `rsa-${hash}`,
    signatureValueBytes: signatureValue.length,
    signedInfoBytes: signedInfo.length,
    references: references.map(({ uri, hash: digestMethod }) => ({
      uri,
      digestMethod,
      bytes: referenced[uri].length,
    })),
    funcId: content.funcId,
    visibleData: { bytes: content.visibleData.length, format: content.visibleFormat },
    nonVisibleData: content.nonVisibleData ? { bytes: content.nonVisibleData.length } : null,
    relyingPartyNameLength: content.relyingPartyName.length,
    nonceBytes: content.nonce.length,
    unknownEnvironmentElements: content.hasUnknownEnvironment,
    certificates: readKeyInfo(referenced['#bidKeyInfo']).map(describeDer),
  };
}

function inspectOcsp(bytes: Buffer): JsonObject {
  const { status, basic } = parseOcspResponse(derOf(bytes));
  return { kind: 'ocsp-response', bytes: bytes.length, status, basic: basic ? describeBasic(basic) : null };
}

function describeBasic(basic: BasicOcspResponse): JsonObject {
  return {
    signatureAlgorithm: nameOf(basic.signatureAlgorithm),
    responderId: basic.responderId.kind,
    producedAt: formatInstant(basic.producedAt),
    extensions: basic.extensions.map(describeExtension),
    responses: basic.responses.map(({ certId, status, thisUpdate, nextUpdate, extensions }) => ({
      hashAlgorithm: nameOf(certId.hashAlgorithm),
      serialBytes: certId.serial.length,
      status: status.kind,
      thisUpdate: formatInstant(thisUpdate),
      nextUpdate: nextUpdate ? formatInstant(nextUpdate) : null,
      extensions: extensions.map(describeExtension),
    })),
    certificates: basic.certificates.map(describeDer),
  };
}

function inspectCertificate(bytes: Buffer): JsonObject {
  const text = bytes.toString('latin1');
  const certificate = text.includes('-----BEGIN') ? parsePemCertificate(text) : parseCertificate(derOf(bytes));
  return { kind: 'certificate', ...describe(certificate) };
}

function describeDer(der: Buffer): JsonObject {
  const certificate = attempt(() => parseCertificate(der));
  return certificate instanceof Malformed ? { malformed: certificate.message } : describe(certificate);
}

function describe(certificate: Certificate): JsonObject {
  const { extensions, publicKey } = certificate;
  // A payer's certificate has a fingerprint too; together with a list it would name the person.
  const isCa = extensions.basicConstraints?.ca === true;
  return {
    bytes: certificate.der.length,
    ...(isCa ? { sha256: fingerprint(certificate) } : {}),
    signatureAlgorithm: nameOf(certificate.signatureAlgorithm),
    rsaBits: publicKey.rsa?.modulusBits ?? null,
    serialBytes: certificate.serial.length,
    subject: describeName(certificate.subject),
    issuer: describeName(certificate.issuer),
    notBefore: formatInstant(certificate.notBefore),
    notAfter: formatInstant(certificate.notAfter),
    policies: extensions.policies,
    keyUsageBits: [...(extensions.keyUsage?.bits ?? [])],
    extensions: extensions.all.map(describeExtension),
    faults: certificate.faults,
  };
}

function describeName(name: DistinguishedName): JsonValue {
  return name.attributes.map(({ type, value }) => ({ type: nameOf(type), length: value.length }));
}

function describeExtension({ oid, critical, value }: Extension): JsonObject {
  return { oid, name: findOidName(oid) ?? null, critical, bytes: value.length };
}

function nameOf(oid: string): string {
  return findOidName(oid) ?? oid;
}

function derOf(bytes: Buffer): Buffer {
  return bytes[0] === 0x30 ? bytes : decodeBase64(bytes.toString('latin1').trimEnd());
}
