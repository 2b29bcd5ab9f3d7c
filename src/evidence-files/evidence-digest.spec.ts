import { createHash } from 'node:crypto';
import { evidenceDigest } from './evidence-digest.ts';

const random = Buffer.alloc(32, 7);
const base = { random, signature: 'c2ln', ocsp: Buffer.from([1, 2, 3]), consent: '{"å":1}' };

describe('the evidence digest', () => {
  it('is SHA-256 over the label, the random bytes and the three length-prefixed parts', () => {
    const bytes = Buffer.concat([
      Buffer.from('sigill-evidence-v1'),
      random,
      Buffer.from('0000000000000004', 'hex'),
      Buffer.from('c2ln'),
      Buffer.from('0000000000000003', 'hex'),
      Buffer.from([1, 2, 3]),
      Buffer.from('0000000000000008', 'hex'),
      Buffer.from('{"å":1}'),
    ]);
    expect(evidenceDigest(base)).toEqual(createHash('sha256').update(bytes).digest());
    expect(evidenceDigest(base).toString('hex')).toBe(
      'd1c90a03e3a4943853e2369adfdf7f6bf716519492448173845510fc8034ffa1',
    );
  });

  it.each([
    ['random', { random: Buffer.alloc(32, 8) }],
    ['signature', { signature: 'c2lnLg==' }],
    ['ocsp', { ocsp: Buffer.from([1, 2]) }],
    ['consent', { consent: '{"å":2}' }],
  ])('changes with %s', (_, change) => {
    expect(evidenceDigest({ ...base, ...change })).not.toEqual(evidenceDigest(base));
  });

  it('does not let a byte move from one part to the next', () => {
    const moved = { ...base, signature: 'c2lnc', ocsp: Buffer.from([2, 3]) };
    expect(evidenceDigest(moved)).not.toEqual(evidenceDigest(base));
  });

  it('refuses fewer random bytes', () => {
    expect(() => evidenceDigest({ ...base, random: Buffer.alloc(31) })).toThrow(TypeError);
  });
});
