import { hash } from 'node:crypto';
import { auditDigest } from './audit-digest.ts';

const head = (subject: string, seq: number, octet: string) => ({
  subject,
  seq,
  hash: Buffer.from(octet.repeat(32), 'hex'),
});

describe('the entry of an audit log', () => {
  it('is SHA-256 over label and heads, whose numbers are big-endian and whose subjects have their length before them', () => {
    const octets =
      Buffer.from('sigill-audit-heads-v1\n').toString('hex') +
      `00000001${Buffer.from('a').toString('hex')}0000000000000102${'11'.repeat(32)}` +
      `00000002${Buffer.from('ö').toString('hex')}0000000000000001${'22'.repeat(32)}`;
    const digest = hash('sha256', Buffer.from(octets, 'hex'), 'hex');
    expect(auditDigest([head('a', 258, '11'), head('ö', 1, '22')]).toString('hex')).toBe(digest);
  });

  it('does not depend on the order in which the database lists them', () => {
    const heads = [head('b', 1, '11'), head('B', 2, '22'), head('ä', 3, '33'), head('a:b', 4, '44')];
    expect(auditDigest([...heads].reverse())).toEqual(auditDigest(heads));
  });

  it.each([
    ['a subject', head('y', 1, '11')],
    ['a sequence number', head('x', 2, '11')],
    ['a hash', head('x', 1, '12')],
  ])('is another one with another %s', (_, other) => {
    expect(auditDigest([other])).not.toEqual(auditDigest([head('x', 1, '11')]));
  });
});
