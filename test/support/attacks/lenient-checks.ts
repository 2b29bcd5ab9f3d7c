import { decodeBase64 } from '../../../src/crypto/base64.ts';
import { canonicalXml } from '../../../src/crypto/xml/canonical-xml.ts';
import { parseOcspResponse } from '../../../src/crypto/ocsp/response.ts';
import { readXml, type XmlElement } from '../../../src/crypto/xml/strict-xml.ts';
import { parseCertificate } from '../../../src/crypto/x509/certificate.ts';
import { readKeyInfo, readSignedData, type ReferenceUri } from '../../../src/verification/bankid-signature.ts';
import { allChecks, type Checks } from '../../../src/verification/run/run-checks.ts';
import { passed, skipped } from '../../../src/verification/facts/outcome.ts';
import type { CheckId } from '../../../src/verification/report.ts';

/**
 * What the verifier would be without one of its checks: each of these hands on what the later checks need and refuses
 * nothing.
 */
const lenient: Checks = {
  ...allChecks,
  structure: ({ completion: { signature, ocspResponse } }) => {
    const root = readXml(decodeBase64(signature), 'declared');
    const info = first(root, 'SignedInfo');
    const references = all(info, 'Reference').map((reference) => ({
      uri: reference.attributes.get('URI') as ReferenceUri,
      hash: 'sha256' as const,
      digest: decodeBase64(first(reference, 'DigestValue').text),
    }));
    const referenced = (name: string): Buffer => canonicalXml(first(root, name));
    return passed('input.missing', {
      found: {
        signature: {
          hash: 'sha256',
          references,
          signatureValue: decodeBase64(first(root, 'SignatureValue').text),
          signedInfo: canonicalXml(info),
          referenced: { '#bidSignedData': referenced('bankIdSignedData'), '#bidKeyInfo': referenced('KeyInfo') },
        },
        answer: parseOcspResponse(decodeBase64(ocspResponse ?? '')),
      },
    });
  },
  digests: ({ signature }) =>
    passed('input.missing', {
      found: {
        content: readSignedData(signature!.referenced['#bidSignedData']),
        certificates: readKeyInfo(signature!.referenced['#bidKeyInfo']),
      },
    }),
  'signature-value': ({ certificates }) =>
    passed('input.missing', { found: { leaf: parseCertificate(certificates![0]!), signed: true } }),
  path: ({ certificates, leaf, trust }) => {
    const [customerCa, bankCa] = certificates!.slice(1).map(parseCertificate);
    const [root] = trust.roots;
    const path = { leaf: leaf!, customerCa: customerCa!, bankCa: bankCa!, root: root! };
    return passed('input.missing', { found: { others: [customerCa!, bankCa!], anchor: root!, path } });
  },
  algorithms: () => passed('input.missing'),
  ocsp: ({ answer }) => {
    const response = (answer as ReturnType<typeof parseOcspResponse>).basic!;
    const responder = parseCertificate(response.certificates[0]!);
    return passed('input.missing', { found: { ocsp: { response, single: response.responses[0]!, responder } } });
  },
  certid: () => passed('input.missing', { found: { concernsLeaf: true } }),
  status: () => passed('input.missing'),
  nonce: ({ ocsp }) =>
    ocsp ? passed('input.missing', { found: { producedAt: ocsp.response.producedAt } }) : skipped('input.missing'),
  times: () => passed('input.missing'),
  'order-start': () => passed('input.missing'),
  receipt: () => passed('input.missing'),
  content: () => passed('input.missing'),
  'relying-party': () => passed('input.missing'),
  signer: () => passed('input.missing'),
  payer: () => passed('input.missing'),
};

/** Every check but one. */
export const without = (removed: CheckId): Checks => ({ ...allChecks, [removed]: lenient[removed] });

/** The first element of that name, as a careless reader finds it: anywhere. */
function first(root: XmlElement, name: string): XmlElement {
  const [found] = all(root, name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

function all(root: XmlElement, name: string): XmlElement[] {
  const inner = root.children.flatMap((child) => all(child, name));
  return root.name === name ? [root, ...inner] : inner;
}
