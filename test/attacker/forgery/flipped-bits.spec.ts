import fc from 'fast-check';
import { parseOcspResponse } from '../../../src/crypto/ocsp/response.ts';
import { attempt } from '../../../src/crypto/malformed.ts';
import { readXml } from '../../../src/crypto/xml/strict-xml.ts';
import { parseCertificate } from '../../../src/crypto/x509/certificate.ts';
import { policies } from '../../../src/verification/policy.ts';
import { isVerified } from '../../../src/verification/verified-signature.ts';
import { verifyConsent } from '../../../src/verification/verify-consent.ts';
import type { Completion } from '../../../src/verification/expectation.ts';
import { makeVector, now } from '../../support/vectors/vector.ts';

const vector = makeVector();
const authorises = (completion: Completion): boolean =>
  isVerified(verifyConsent(completion, vector.expectation, { trust: vector.trust, policy: policies.bankid, now }));

const flip = (bytes: Buffer, bit: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
};

describe('one bit', () => {
  const xml = Buffer.from(vector.completion.signature, 'base64');
  const ocsp = Buffer.from(vector.completion.ocspResponse ?? '', 'base64');

  it('flipped anywhere in the signed document is refused', () => {
    const bit = fc.integer({ min: 0, max: xml.length * 8 - 1 });
    fc.assert(
      fc.property(bit, (at) => !authorises({ ...vector.completion, signature: flip(xml, at).toString('base64') })),
      { numRuns: 1500 },
    );
  });

  it('flipped anywhere in the OCSP response is refused', () => {
    const bit = fc.integer({ min: 0, max: ocsp.length * 8 - 1 });
    fc.assert(
      fc.property(bit, (at) => !authorises({ ...vector.completion, ocspResponse: flip(ocsp, at).toString('base64') })),
      { numRuns: 1500 },
    );
  });

  it('flipped in neither of them leaves a signature that authorises', () => {
    expect(authorises(vector.completion)).toBe(true);
  });
});

describe('random input', () => {
  it('never passes and never crashes', () => {
    const any = fc.oneof(
      fc.string(),
      fc.base64String(),
      fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64')),
    );
    fc.assert(
      fc.property(
        any,
        fc.option(any, { nil: undefined }),
        (signature, ocspResponse) => !authorises({ ...vector.completion, signature, ocspResponse }),
      ),
    );
    fc.assert(fc.property(any, (ocspResponse) => !authorises({ ...vector.completion, ocspResponse })));
  });

  it('is a value or malformed to every reader, nothing else', () => {
    const certificate = Buffer.from(vector.trust.roots[0]!.certificate.der);
    const ocsp = Buffer.from(vector.completion.ocspResponse ?? '', 'base64');
    const mutated = (source: Buffer) =>
      fc.array(fc.tuple(fc.nat(source.length - 1), fc.nat(255)), { maxLength: 5 }).map((changes) => {
        const copy = Buffer.from(source);
        for (const [at, byte] of changes) copy[at] = byte;
        return copy;
      });
    fc.assert(fc.property(mutated(certificate), (der) => void attempt(() => parseCertificate(der))));
    fc.assert(fc.property(mutated(ocsp), (der) => void attempt(() => parseOcspResponse(der))));
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void attempt(() => parseOcspResponse(bytes))));
    fc.assert(fc.property(fc.string(), (text) => void attempt(() => readXml(Buffer.from(text), 'bare'))));
  });
});
