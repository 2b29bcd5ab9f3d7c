import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { extensions, issueCertificate, type Name } from '../../../simulator/pki/certificate.ts';
import { parseCertificate, type Certificate } from './certificate.ts';
import { findPath } from './path.ts';

const at = new Date('2026-11-22T08:00:00Z');
const newKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const named = (name: string): Name => [['commonName', name]];
const authority = [extensions.certificateAuthority(), extensions.keyUsage('certificates')];

/** Name constraints that permit one domain and are not critical. */
const constrained = Buffer.from(
  '301b0603551d1e0414' + '3012a010300e820c' + Buffer.from('bank.example').toString('hex'),
  'hex',
);

interface Party {
  readonly name: string;
  readonly key: KeyObject;
}
const party = (name: string): Party => ({ name, key: newKey() });

interface Changes {
  readonly extensions?: readonly Buffer[];
  readonly from?: string;
  readonly to?: string;
}

async function certify(subject: Party, issuer: Party, changes: Changes = {}): Promise<Certificate> {
  const facts = {
    subject: named(subject.name),
    publicKey: createPublicKey(subject.key),
    notBefore: new Date(changes.from ?? '2026-01-01T00:00:00Z'),
    notAfter: new Date(changes.to ?? '2030-01-01T00:00:00Z'),
    extensions: changes.extensions ?? authority,
  };
  const by = { name: named(issuer.name), privateKey: issuer.key, digest: 'sha256' } as const;
  return parseCertificate((await issueCertificate(facts, by)).der);
}

const [root, middle, leaf, stranger] = [party('root'), party('middle'), party('leaf'), party('stranger')];
const ends = { extensions: [extensions.keyUsage('signatures')] };
let anchor: Certificate;
let issuer: Certificate;
let end: Certificate;

beforeAll(async () => {
  anchor = await certify(root, root);
  issuer = await certify(middle, root);
  end = await certify(leaf, middle, ends);
});

describe('a path', () => {
  it('leads over any certificates that came along to an anchor, which may be any certificate on it', async () => {
    const others = [await certify(stranger, stranger), issuer, end];
    expect(findPath(end, others, [anchor], at)).toEqual([end, issuer, anchor]);
    expect(findPath(end, others, [issuer], at)).toEqual([end, issuer]);
    expect(findPath(end, [], [end], at)).toEqual([end]);
  });

  it('does not lead to an anchor with the right name and another key', async () => {
    const other = party('root');
    expect(findPath(end, [issuer], [await certify(other, other)], at)).toBe('no-anchor');
    expect(findPath(end, [issuer], [], at)).toBe('no-anchor');
  });

  it.each<[string, Changes]>([
    ['is no authority', ends],
    ['has no basic constraints', { extensions: [extensions.keyUsage('certificates')] }],
    [
      'may not sign certificates',
      { extensions: [extensions.certificateAuthority(), extensions.keyUsage('signatures')] },
    ],
    ['is constrained to other names, though not critically', { extensions: [...authority, constrained] }],
    ['has an extension twice', { extensions: [...authority, extensions.certificateAuthority()] }],
  ])('does not lead over an issuer that %s', async (_, changes) => {
    expect(findPath(end, [await certify(middle, root, changes)], [anchor], at)).toBe('not-rfc5280');
  });

  it('does not lead over a certificate that was not valid then, the anchor included', async () => {
    const late = await certify(middle, root, { from: '2026-12-01T00:00:00Z' });
    expect(findPath(end, [late], [anchor], at)).toBe('not-valid-then');
    const ended = await certify(root, root, { to: '2026-11-01T00:00:00Z' });
    expect(findPath(end, [issuer], [ended], at)).toBe('not-valid-then');
    expect(findPath(end, [late, issuer], [anchor], at)).toEqual([end, issuer, anchor]);
  });

  it('costs one signature for each pair of certificates, where many issue each other', async () => {
    let verified = 0;
    const twins = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const { publicKey, ...twin } = await certify(middle, middle);
        const counting = {
          get publicKey() {
            verified += 1;
            return publicKey;
          },
        };
        return Object.defineProperties({ ...twin, publicKey }, Object.getOwnPropertyDescriptors(counting));
      }),
    );
    expect(findPath(end, twins, [anchor], at)).toBe('no-anchor');
    expect(verified).toBeGreaterThan(10);
    expect(verified).toBeLessThanOrEqual(11 * 10);
  });
});
