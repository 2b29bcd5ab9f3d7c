import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { BUNDLE_TYPE, manifestOf, MIMETYPE, sealedMembers, writeBundle } from '../../../src/bundle/container.ts';
import { isBundle, readBundle, type BundleFault } from '../../../src/bundle/read-bundle.ts';
import { ArchiveRefused, listArchive, sourceOf } from '../../../src/evidence-files/zip-archive.ts';
import { field, zipOf, type WrittenMember } from '../../support/evidence/zip-writer.ts';

const folder = new Map([
  ['consent.json', Buffer.from('{"amount":"1250.00"}')],
  ['signature.b64', Buffer.from('PD94bWwg')],
]);
const proof = Buffer.from('c2sp.org/tlog-proof@v1\n');
const members = sealedMembers(folder, { proof, checkpointToken: Buffer.from('token') });
const seal = { signature: Buffer.from('a seal'), token: Buffer.from('a token') };

/** The members of a sound bundle, to be written again with a fault. */
const sound: readonly WrittenMember[] = [
  { name: MIMETYPE, content: Buffer.from(BUNDLE_TYPE) },
  ...[...members].map(([name, bytes]) => ({ name, content: Buffer.from(bytes) })),
  { name: 'META-INF/ASiCManifest001.xml', content: manifestOf(members, 1) },
  { name: 'META-INF/signature001.p7s', content: seal.signature },
  { name: 'META-INF/sigill-token.tsr', content: seal.token },
];
const without = (name: string): readonly WrittenMember[] => sound.filter((member) => member.name !== name);
const changed = (name: string, change: Partial<WrittenMember>): readonly WrittenMember[] =>
  sound.map((member) => (member.name === name ? { ...member, ...change } : member));
const withMember = (name: string, content = 'x'): readonly WrittenMember[] => [
  ...sound,
  { name, content: Buffer.from(content) },
];

/** The fault of a bundle, why its ZIP was refused, or undefined. */
async function faultOf(zip: Buffer): Promise<BundleFault | string | undefined> {
  try {
    return (await readBundle(zip)).fault;
  } catch (error) {
    if (error instanceof ArchiveRefused) return error.reason.message;
    throw error;
  }
}

describe('a bundle', () => {
  it('has the same bytes for the same members, its type first, and is read as it was written', async () => {
    const zip = writeBundle(members, seal);
    expect(zip).toEqual(writeBundle(new Map(members), seal));
    expect(zip.subarray(30, 38 + BUNDLE_TYPE.length).toString()).toBe(MIMETYPE + BUNDLE_TYPE);
    const { members: read, seals, token, fault } = await readBundle(zip);
    expect([...read]).toEqual([...members]);
    expect(seals).toEqual([{ number: 1, manifest: manifestOf(members, 1), signature: seal.signature }]);
    expect({ token, fault }).toEqual({ token: seal.token, fault: undefined });
    expect(await faultOf(zip)).toBeUndefined();
  });

  it('is also read when another program has packed its members again', async () => {
    const [type, ...others] = sound;
    const packed = others.map((member) => ({ ...member, isDeflated: true, hasDescriptor: true }));
    expect(await faultOf(zipOf([type!, ...packed]))).toBeUndefined();
  });

  it('may have further seals, and each covers every member', async () => {
    const zip = writeBundle(members, seal, [Buffer.from('another')]);
    const { seals } = await readBundle(zip);
    expect(seals.map(({ number, manifest }) => [number, manifest])).toEqual([
      [1, manifestOf(members, 1)],
      [2, manifestOf(members, 2)],
    ]);
    expect(await faultOf(zip)).toBeUndefined();
  });

  const swapped = changed('consent.json', { content: folder.get('signature.b64')! }).map((member) =>
    member.name === 'signature.b64' ? { ...member, content: folder.get('consent.json')! } : member,
  );
  const [type, first, ...rest] = sound;
  const cases: readonly (readonly [string, readonly WrittenMember[], BundleFault | string])[] = [
    ['a changed member', changed('consent.json', { content: Buffer.from('{}') }), of('member-changed', 'consent.json')],
    ['two members swapped', swapped, of('member-changed', 'consent.json')],
    ['a member removed', without('consent.json'), of('member-missing', 'consent.json')],
    ['the ledger proof removed', without('ledger.tlog-proof'), of('member-missing', 'ledger.tlog-proof')],
    ['a member added', withMember('addition.txt'), of('member-added', 'addition.txt')],
    ['a member added in a folder', withMember('more/addition.txt'), of('member-added', 'more/addition.txt')],
    ['a member added in META-INF', withMember('META-INF/manifest.xml'), of('member-added', 'META-INF/manifest.xml')],
    ['a folder added', withMember('more/', ''), of('member-added', 'more/')],
    ['its seal stripped', without('META-INF/signature001.p7s'), of('stripped', 'META-INF/signature001.p7s')],
    [
      'all of META-INF stripped',
      sound.filter(({ name }) => !name.startsWith('META-INF/')),
      of('stripped', 'META-INF/signature001.p7s'),
    ],
    ['its manifest removed', without('META-INF/ASiCManifest001.xml'), of('manifest', 'META-INF/ASiCManifest001.xml')],
    [
      'a manifest without a signature beside it',
      withMember('META-INF/ASiCManifest002.xml'),
      of('stripped', 'META-INF/signature002.p7s'),
    ],
    [
      'its first seal stripped and its second kept',
      [...without('META-INF/signature001.p7s'), ...second()].filter(({ name }) => !name.endsWith('001.xml')),
      of('member-added', 'META-INF/ASiCManifest002.xml'),
    ],
    [
      'a second manifest that leaves a member out',
      [...sound, ...second(new Map([...members].slice(1)))],
      of('member-added', 'consent.json'),
    ],
    [
      'a second manifest of the first signature',
      [...sound, ...second().map((one) => ({ ...one, content: manifestOf(members, 1) }))],
      of('manifest', 'META-INF/ASiCManifest002.xml'),
    ],
    ['its timestamp removed', without('META-INF/sigill-token.tsr'), of('member-missing', 'META-INF/sigill-token.tsr')],
    ['its type removed', without(MIMETYPE), of('mimetype', MIMETYPE)],
    ['its type not first', [first!, type!, ...rest], of('mimetype', MIMETYPE)],
    ['its type deflated', changed(MIMETYPE, { isDeflated: true }), of('mimetype', MIMETYPE)],
    [
      'a line end in its type',
      changed(MIMETYPE, { content: Buffer.from(`${BUNDLE_TYPE}\n`) }),
      of('mimetype', MIMETYPE),
    ],
    [
      'another type',
      changed(MIMETYPE, { content: Buffer.from(BUNDLE_TYPE.replace('-e', '-s')) }),
      of('mimetype', MIMETYPE),
    ],
    [
      'a field beside its type',
      changed(MIMETYPE, { localExtra: field(0x5455, Buffer.from('0300000000', 'hex')) }),
      of('mimetype', MIMETYPE),
    ],
    ['two members of one name', withMember('consent.json'), 'zip.name-twice'],
    ['two members whose names differ in case', withMember('Consent.json'), 'zip.name-twice'],
    ['a member that leads out of it', withMember('../consent.json'), 'zip.unsafe'],
    ['a link', changed('consent.json', { attributes: 0o120777 * 65_536 }), 'zip.link'],
    ['another local header', changed('consent.json', { local: { name: 'consent.jsom' } }), 'zip.headers-differ'],
    ['a member that inflates without end', bomb(), 'zip.member-too-large'],
    ['a member that is larger than it says', bomb(10), 'zip.member-larger'],
    ['members that are too large together', [...sound, ...large()], 'zip.too-large-together'],
    ['more members than a bundle has', [...sound, ...many()], 'zip.too-many'],
  ];
  it.each(cases)('with %s is refused, and the fault named', async (_, written, expected) => {
    expect(await faultOf(zipOf(written))).toEqual(expected);
  });

  it('is recognised without its type, and without its seal', async () => {
    const isOne = async (written: readonly WrittenMember[]): Promise<boolean> => {
      return isBundle(await listArchive(sourceOf(zipOf(written)), { members: 100, memberBytes: () => 100_000 }));
    };
    expect(await isOne(without(MIMETYPE))).toBe(true);
    expect(await isOne(sound.filter(({ name }) => !name.startsWith('META-INF/')))).toBe(true);
    expect(await isOne([...folder].map(([name, content]) => ({ name, content })))).toBe(false);
  });

  it('holds the same members under the same seal or is refused, with any octet of it changed', async () => {
    const zip = writeBundle(members, seal);
    const sum = async (bytes: Buffer): Promise<string> => {
      const { members: read, seals } = await readBundle(bytes);
      const parts = [...read].flatMap(([name, content]) => [Buffer.from(name), content]);
      return createHash('sha256')
        .update(Buffer.concat([...parts, ...seals.map(({ manifest }) => manifest)]))
        .digest('hex');
    };
    const whole = await sum(zip);
    const change = fc.tuple(fc.nat(zip.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const altered = Buffer.from(zip);
        for (const [at, octet] of changes) altered[at] = octet;
        if ((await faultOf(altered)) === undefined) expect(await sum(altered)).toBe(whole);
      }),
      { numRuns: 2000 },
    );
  });
});

function of(reason: BundleFault['reason'], member: string): BundleFault {
  return { reason, member };
}

function second(covered: ReadonlyMap<string, Uint8Array> = members): readonly WrittenMember[] {
  return [
    { name: 'META-INF/ASiCManifest002.xml', content: manifestOf(covered, 2) },
    { name: 'META-INF/signature002.p7s', content: seal.signature },
  ];
}

/** Five mebibytes of zeros in a few octets; or as many as it says. */
function bomb(size?: number): readonly WrittenMember[] {
  const zeros = Buffer.alloc(5 * 1_048_576);
  return [...sound, { name: 'zeros', content: zeros, isDeflated: true, ...(size === undefined ? {} : { size }) }];
}

function large(): readonly WrittenMember[] {
  const content = Buffer.alloc(3 * 1_048_576);
  return ['a', 'b'].map((name) => ({ name, content, isDeflated: true }));
}

function many(): readonly WrittenMember[] {
  return Array.from({ length: 64 }, (_, n) => ({ name: `n${n}`, content: Buffer.alloc(0) }));
}
