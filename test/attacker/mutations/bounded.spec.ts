import fc from 'fast-check';
import { attempt, Malformed } from '../../../src/crypto/malformed.ts';
import { parseOcspResponse } from '../../../src/crypto/ocsp/response.ts';
import { readXml } from '../../../src/crypto/xml/strict-xml.ts';
import { parseCertificate } from '../../../src/crypto/x509/certificate.ts';
import { policies } from '../../../src/verification/policy.ts';
import { verifySignature } from '../../../src/verification/verify-signature.ts';
import { sequence, tlv } from '../../support/vectors/der-writer.ts';
import { makeVector, now } from '../../support/vectors/vector.ts';
import { parsing } from '../../support/attacks/parsing.ts';
import { wrapping } from '../../support/attacks/wrapping.ts';
import { countSteps, stopCounting } from '../../support/attacks/steps.ts';

/** Blocks of code for each octet read, and for a call whatever it reads. */
const PER_OCTET = 10;
const PER_CALL = 5_000;

const stepsOfXml = (bytes: Uint8Array): number => countSteps(() => attempt(() => readXml(bytes, 'bare'))).steps;
const stepsOfDer = (bytes: Uint8Array): number =>
  countSteps(() => {
    attempt(() => parseCertificate(bytes));
    attempt(() => parseOcspResponse(bytes));
  }).steps;

afterAll(stopCounting);

describe('the count of steps', () => {
  it('counts: twice the work is twice the steps', () => {
    const nested = (count: number): number => stepsOfXml(Buffer.from(`<a>${'<b></b>'.repeat(count)}</a>`));
    expect(nested(100)).toBeGreaterThan(500);
    // What V8 compiles while it runs counts fewer blocks afterwards: compiled before, it counts the same each time.
    nested(1_900);
    nested(1_900);
    const ratio = nested(1_600) / nested(800);
    expect(ratio).toBeGreaterThan(1.5);
    // What the optimiser inlines in between is up to a fifth of either; work that grows with the square would be four times.
    expect(ratio).toBeLessThan(3);
  });
});

describe('reading', () => {
  const LARGE = 390_000;
  const xml: readonly (readonly [string, string])[] = [
    ['a name without end', `<${'a'.repeat(LARGE)}`],
    ['white space without end', `<a${' '.repeat(LARGE)}`],
    ['white space between attributes', `<a b="c"${' '.repeat(LARGE)}x`],
    ['attributes without end', `<a${' a=""'.repeat(LARGE / 5)}`],
    ['an attribute without end', `<a b="${'x '.repeat(LARGE / 2)}`],
    ['quotes that never pair', `<a${' a="'.repeat(LARGE / 4)}`],
    ['text without end', `<a>${'x'.repeat(LARGE)}`],
    ['text with brackets that close', `<a>${'x>'.repeat(LARGE / 2)}`],
    ['elements as many as permitted, and text', `<a>${`<b>${'x'.repeat(190)}</b>`.repeat(1_990)}</a>`],
    ['elements without end', `<a>${'<b/>'.repeat(LARGE / 4)}`],
    ['end tags with white space', `<a></a${' '.repeat(LARGE)}`],
    ['depth without end', '<a>'.repeat(LARGE / 3)],
  ];
  it.each(xml)('%s costs steps in proportion to its length', (_title, text) => {
    const bytes = Buffer.from(text);
    expect(stepsOfXml(bytes)).toBeLessThan(bytes.length * PER_OCTET + PER_CALL);
  });

  const wide = (bytes: Buffer, count: number): Buffer => Buffer.concat(Array.from({ length: count }, () => bytes));
  const deep = (depth: number): Buffer =>
    Array.from({ length: depth }).reduce<Buffer>((inner) => sequence(inner), Buffer.alloc(0));
  const rdn = tlv(0x31, sequence(Buffer.from('0603550403', 'hex'), tlv(0x0c, Buffer.from('x'))));
  const certificateOf = (name: Buffer, extensions: Buffer): Buffer =>
    sequence(
      sequence(
        tlv(0xa0, Buffer.from('020102', 'hex')),
        Buffer.from('020101', 'hex'),
        sequence(Buffer.from('06092a864886f70d01010b0500', 'hex')),
        name,
        sequence(tlv(0x17, Buffer.from('260101000000Z')), tlv(0x17, Buffer.from('270101000000Z'))),
        name,
        sequence(sequence(Buffer.from('06032a0304', 'hex')), tlv(3, Buffer.from([0, 1]))),
        tlv(0xa3, sequence(extensions)),
      ),
      sequence(Buffer.from('06092a864886f70d01010b0500', 'hex')),
      tlv(3, Buffer.from([0, 1])),
    );
  const der: readonly (readonly [string, Buffer])[] = [
    ['depth 10 000', deep(10_000)],
    ['100 000 empty sequences', sequence(wide(sequence(), 50_000))],
    ['a name of 10 000 parts', certificateOf(sequence(wide(rdn, 10_000)), sequence())],
    [
      '10 000 extensions',
      certificateOf(sequence(), sequence(wide(sequence(Buffer.from('06032a0304', 'hex'), tlv(4)), 10_000)).subarray(4)),
    ],
    ['a long object identifier', sequence(tlv(6, Buffer.alloc(50_000, 0x81)))],
  ];
  it.each(der)('%s costs steps in proportion to its length', (_title, bytes) => {
    expect(stepsOfDer(bytes)).toBeLessThan(bytes.length * PER_OCTET + PER_CALL);
  });

  it('random XML and DER is a value or malformed, in bounded steps', () => {
    const markup = fc.array(
      fc.oneof(
        fc.constantFrom(
          '<a>',
          '</a>',
          '<a/>',
          '<a b="c">',
          '<!--',
          '-->',
          '<?p',
          '?>',
          '<![CDATA[',
          ']]>',
          '&amp;',
          '"',
          "'",
          ' ',
        ),
        fc.string({ maxLength: 8 }),
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(markup, (parts) => {
        const bytes = Buffer.from(parts.join(''));
        return stepsOfXml(bytes) < bytes.length * PER_OCTET + PER_CALL;
      }),
      { numRuns: 100 },
    );
    const { tree } = fc.letrec<{ tree: Uint8Array }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 6 },
        fc
          .tuple(fc.constantFrom(1, 2, 3, 4, 5, 6, 0x0a, 0x17, 0x18, 0x80), fc.uint8Array({ maxLength: 40 }))
          .map(([tag, content]) => tlv(tag, content)),
        fc
          .tuple(fc.constantFrom(0x30, 0x31, 0xa0, 0xa1, 0xa3), fc.array(tie('tree'), { maxLength: 6 }))
          .map(([tag, parts]) => tlv(tag, ...parts)),
      ),
    }));
    fc.assert(
      fc.property(
        fc.oneof(tree, fc.uint8Array({ maxLength: 300 })),
        (bytes) => stepsOfDer(bytes) < bytes.length * PER_OCTET + PER_CALL,
      ),
      { numRuns: 100 },
    );
  });
});

describe('a refusal', () => {
  it('costs no more steps than an acceptance of the largest legal signature', () => {
    const largest = makeVector({ visibleText: 'x'.repeat(30_000), nonVisibleData: Buffer.alloc(150_000) });
    const basis = { policy: policies.bankid, time: { now, vouchedAt: undefined } };
    const accepted = countSteps(() => verifySignature(largest.completion, { ...basis, trust: largest.trust })).steps;
    const attacks = [...parsing, ...wrapping].filter((_attack, index) => index % 5 === 0);
    const dear = attacks.filter((attack) => {
      const { completion, trust } = makeVector(attack.recipe);
      const { steps, thrown } = countSteps(() => verifySignature(completion, { ...basis, trust }));
      return thrown !== undefined || steps > accepted + Math.min(completion.signature.length, 533_336) * PER_OCTET;
    });
    expect(dear.map(({ title }) => title)).toEqual([]);
    expect(attempt(() => readXml(Buffer.alloc(400_001), 'bare'))).toBeInstanceOf(Malformed);
  });
});
