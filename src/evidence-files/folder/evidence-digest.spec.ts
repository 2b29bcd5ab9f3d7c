import { createHash } from 'node:crypto';
import { evidenceDigest, type DigestedEvidence } from '../evidence-digest.ts';

const random = Buffer.alloc(32, 7);
const base: DigestedEvidence = {
  random,
  signature: 'c2ln',
  ocsp: Buffer.from([1, 2, 3]),
  consent: '{"å":1}',
  visibleText: Buffer.from('Betala'),
  circumstances: '{"evidenceId":"e"}',
  report: '{}',
};

describe('the evidence digest', () => {
  it('is SHA-256 over the label, the random bytes and the six length-prefixed parts', () => {
    const prefixed = (length: string, part: Buffer | string): Buffer[] => [
      Buffer.from(`00000000000000${length}`, 'hex'),
      Buffer.from(part),
    ];
    const bytes = Buffer.concat([
      Buffer.from('sigill-evidence-v2'),
      random,
      ...prefixed('04', 'c2ln'),
      ...prefixed('03', Buffer.from([1, 2, 3])),
      ...prefixed('08', '{"å":1}'),
      ...prefixed('06', 'Betala'),
      ...prefixed('12', '{"evidenceId":"e"}'),
      ...prefixed('02', '{}'),
    ]);
    expect(evidenceDigest(base)).toEqual(createHash('sha256').update(bytes).digest());
    expect(evidenceDigest(base).toString('hex')).toBe(
      'f99ff63fff5e3d26001175efd6689b7d56b5ea7acd874c39e4a900240aa618ce',
    );
  });

  it.each<[keyof DigestedEvidence, Partial<DigestedEvidence>]>([
    ['random', { random: Buffer.alloc(32, 8) }],
    ['signature', { signature: 'c2lnLg==' }],
    ['ocsp', { ocsp: Buffer.from([1, 2]) }],
    ['consent', { consent: '{"å":2}' }],
    ['visibleText', { visibleText: Buffer.from('betala') }],
    ['circumstances', { circumstances: '{"evidenceId":"f"}' }],
    ['report', { report: '[]' }],
  ])('changes with %s', (_, change) => {
    expect(evidenceDigest({ ...base, ...change })).not.toEqual(evidenceDigest(base));
  });

  it.each<[string, Partial<DigestedEvidence>]>([
    ['signature to the OCSP response', { signature: 'c2lnc', ocsp: Buffer.from([2, 3]) }],
    ['consent to the visible text', { consent: '{"å":1', visibleText: Buffer.from('}Betala') }],
    ['circumstances to the report', { circumstances: '{"evidenceId":"e"', report: '}{}' }],
  ])('does not let a byte move from the %s', (_, moved) => {
    expect(evidenceDigest({ ...base, ...moved })).not.toEqual(evidenceDigest(base));
  });

  it('refuses fewer random bytes', () => {
    expect(() => evidenceDigest({ ...base, random: Buffer.alloc(31) })).toThrow(TypeError);
  });
});
