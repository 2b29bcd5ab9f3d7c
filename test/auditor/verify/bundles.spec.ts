import { hash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  BUNDLE_TYPE,
  CHECKPOINT_TOKEN,
  LEDGER_PROOF,
  manifestName,
  manifestOf,
  MIMETYPE,
  SEAL_TOKEN,
  sealedMembers,
  signatureName,
  writeBundle,
  type Members,
  type Seal,
} from '../../../src/bundle/container.ts';
import type { Stamp } from '../../../src/bundle/make-seal.ts';
import { readBundle } from '../../../src/bundle/read-bundle.ts';
import { makeBundleTrust, noTrust, type TrustSource } from '../../../src/bundle/trust.ts';
import { verifyBundle } from '../../../src/bundle/verify-bundle.ts';
import { makeSettings, serverSettings } from '../../../src/evidence-files/verify-settings.ts';
import { runCli } from '../../support/commands/run-cli.ts';
import { folderOf } from '../../support/evidence/evidence-export.ts';
import { digestOf, ledgered } from '../../support/evidence/ledgered.ts';
import { zipOf, type WrittenMember } from '../../support/evidence/zip-writer.ts';
import { SmallLog } from '../../support/ledger/small-log.ts';
import { Sealing } from '../../support/seals/sealing.ts';
import { makeVector, now, vectorOf, facts } from '../../support/vectors/vector.ts';

const work = mkdtempSync(join(tmpdir(), 'sigill-bundles-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const file = (name: string, content: string | Buffer): string => {
  mkdirSync(dirname(join(work, name)), { recursive: true });
  writeFileSync(join(work, name), content);
  return join(work, name);
};

const vector = makeVector();
const folder = folderOf(vector);
/** An invented entry. */
const entry = (text: string): Buffer => hash('sha256', text, 'buffer');

/** The evidence, its ledger and its seal, as a service hands them over. */
let sealing: Sealing;
let stranger: Sealing;
let log: SmallLog;
let members: Members;
let seal: Seal;
let trusted: readonly string[];
let rootOnly: readonly string[];

beforeAll(async () => {
  [sealing, stranger] = [await Sealing.open(now), await Sealing.open(now)];
  log = new SmallLog();
  await log.grow(entry('a'), entry('b'), digestOf(folder), entry('c'));
  await log.grow(entry('d'));
  members = await ledgered(folder, log, 2, sealing);
  seal = await sealing.seal(members);
  rootOnly = ['--trust-unpinned', file('root.pem', vector.rootPem)];
  const issuer = file('issuer.pem', sealing.services.rootPem);
  trusted = [...rootOnly, '--seal-trust', issuer, '--tsa-trust', issuer, '--ledger-key', log.vkey];
});

/** What `sigill verify --json` says of seal, ledger and time, and its exit code. */
async function found(bundle: Buffer | string, ...options: readonly string[]): Promise<readonly unknown[]> {
  const path = typeof bundle === 'string' ? bundle : file('evidence.asice', bundle);
  const { code, stdout } = await runCli('verify', path, ...options, '--json');
  const report = JSON.parse(stdout) as Record<'seal' | 'ledger', { state: string; reason?: string }> & {
    readonly error?: { readonly code: string };
  };
  if (report.error) return [code, report.error.code];
  return [code, wordOf(report.seal), wordOf(report.ledger)];
}

function wordOf({ state, reason }: { readonly state: string; readonly reason?: string }): string {
  return reason === undefined ? state : `${state}/${reason}`;
}

/** The members of the sound bundle, to be written again with a fault. */
function written(): readonly WrittenMember[] {
  const of = (name: string, content: Uint8Array): WrittenMember => ({ name, content: Buffer.from(content) });
  return [
    of(MIMETYPE, Buffer.from(BUNDLE_TYPE)),
    ...[...members].map(([name, content]) => of(name, content)),
    of(manifestName(1), manifestOf(members, 1)),
    of(signatureName(1), seal.signature),
    of(SEAL_TOKEN, seal.token),
  ];
}
const changed = (name: string, change: Partial<WrittenMember>): readonly WrittenMember[] =>
  written().map((member) => (member.name === name ? { ...member, ...change } : member));
const without = (...names: readonly string[]): readonly WrittenMember[] =>
  written().filter(({ name }) => !names.includes(name));
const added = (name: string, change: Partial<WrittenMember> = {}): readonly WrittenMember[] => [
  ...written(),
  { name, content: Buffer.from('x'), ...change },
];

describe('sigill verify, a bundle', () => {
  it('passes where seal, timestamp and ledger are those of the issuers that were given', async () => {
    expect(await found(writeBundle(members, seal), ...trusted)).toEqual([0, 'sound', 'exporters-word']);
    const { stdout } = await runCli('verify', file('evidence.asice', writeBundle(members, seal)), ...trusted);
    for (const line of ['seal: sound', "ledger: the exporter's own word", 'time: proved', 'number 3 of 5']) {
      expect(stdout).toContain(line);
    }
  });

  it('is undecided, and says which option would decide it, where no issuer is given', async () => {
    const bundle = file('evidence.asice', writeBundle(members, seal));
    expect(await found(bundle, ...rootOnly)).toEqual([2, 'untrusted/issuer', 'exporters-word']);
    const { stdout, stderr } = await runCli('verify', bundle, ...rootOnly, '--lang', 'sv');
    expect(stdout).toContain('försegling: obekräftad');
    expect(stderr).toContain('--seal-trust');
  });

  it('is recognised by its content, whatever its name', async () => {
    const renamed = file('renamed.zip', writeBundle(members, seal));
    expect(await found(renamed, ...trusted)).toEqual([0, 'sound', 'exporters-word']);
  });

  it('is verified unpacked too, and not without its seal', async () => {
    for (const { name, content } of written()) file(`unpacked/${name}`, content);
    expect(await found(join(work, 'unpacked'), ...trusted)).toEqual([0, 'sound', 'exporters-word']);
    rmSync(join(work, 'unpacked', signatureName(1)));
    expect(await found(join(work, 'unpacked'), ...trusted)).toEqual([1, 'unsound/stripped', 'exporters-word']);
  });

  it('is verified with all others of a directory, each in a line of its own', async () => {
    for (const name of ['one', 'two']) file(`many/${name}.asice`, writeBundle(members, seal));
    const { code, stdout } = await runCli('verify', join(work, 'many'), ...trusted);
    expect(code).toBe(0);
    expect(stdout.match(/seal: sound, ledger: the exporter's own word, time: proved/g)).toHaveLength(2);
    expect(stdout).toContain('2 examined');
  });

  it('passes etsi-strict after the responder has expired by the oldest trusted timestamp, and by no other', async () => {
    const later = new Date('2030-01-01T00:00:00Z');
    const source = serverSettings('sandbox', vector.rootPem, undefined, later);
    const settings = makeSettings({ ...source, policy: 'etsi-strict' });
    const verdict = async (trust: Partial<TrustSource>): Promise<unknown> => {
      const bundle = await readBundle(writeBundle(members, seal));
      const report = await verifyBundle(bundle, settings, makeBundleTrust({ ...noTrust, ...trust }));
      return report.subIndication ?? report.indication;
    };
    expect(await verdict({})).toBe('REVOCATION_OUT_OF_BOUNDS_NO_POE');
    expect(await verdict({ timestamps: [sealing.services.rootPem] })).toBe('TOTAL-PASSED');
    expect(await verdict({ timestamps: [stranger.services.rootPem] })).toBe('REVOCATION_OUT_OF_BOUNDS_NO_POE');
  });

  it('has no seal as a folder, which is no failure, and as a folder cannot be compared with a kept checkpoint', async () => {
    const zip = file('folder.zip', zipOf([...folder].map(([name, content]) => ({ name, content }))));
    expect(await found(zip, ...trusted)).toEqual([0, 'none', 'none']);
    const kept = file('kept', (await log.head()).note);
    expect(await found(zip, ...trusted, '--checkpoint', kept)).toEqual([2, 'none', 'none']);
  });
});

describe('sigill verify, a bundle and a checkpoint that was kept', () => {
  const compared = async (note: string, ...options: readonly string[]): Promise<readonly unknown[]> =>
    found(writeBundle(members, seal), ...trusted, '--checkpoint', file('kept', note), ...options);

  it('proves the place where size and root are the same', async () => {
    expect(await compared((await log.head(5)).note)).toEqual([0, 'sound', 'proved']);
  });

  it('refuses one history of two', async () => {
    const other = new SmallLog();
    await other.grow(entry('a'), entry('b'), digestOf(folder), entry('c'), entry('e'));
    expect(await compared((await other.head()).note)).toEqual([1, 'sound', 'unsound/split-view']);
  });

  it('refuses the checkpoint of another log', async () => {
    const other = new SmallLog('other.example/ledger/x');
    await other.grow(entry('a'));
    expect(await compared((await other.head()).note)).toEqual([1, 'sound', 'unsound/other-log']);
  });

  it('demands tiles for another size, and proves by them that the one extends the other', async () => {
    const older = (await log.head(4)).note;
    expect(await compared(older)).toEqual([2, 'sound', 'exporters-word/tiles-needed']);
    expect(await compared(older, '--ledger', join(work, 'nowhere'))).toEqual([
      ...[2, 'sound', 'exporters-word/tiles-unreadable'],
    ]);
    for (const [path, bytes] of log.tiles) file(`tiles/${path}`, bytes);
    expect(await compared(older, '--ledger', join(work, 'tiles'))).toEqual([0, 'sound', 'proved']);
  });

  it('refuses a history that was rewritten, by the tiles', async () => {
    const other = new SmallLog();
    await other.grow(entry('a'), entry('B'), entry('C'));
    for (const [path, bytes] of log.tiles) file(`tiles/${path}`, bytes);
    const ended = await compared((await other.head()).note, '--ledger', join(work, 'tiles'));
    expect(ended).toEqual([1, 'sound', 'unsound/inconsistent']);
  });
});

describe('sigill verify, a bundle that was tampered with', () => {
  const cases: readonly (readonly [string, () => readonly WrittenMember[], readonly unknown[]])[] = [
    ['two members of one name', () => added('consent.json'), [66, 'zip.name-twice']],
    ['a member that leads out of it', () => added('../consent.json'), [66, 'zip.unsafe']],
    ['a link', () => changed('consent.json', { attributes: 0o120777 * 65_536 }), [66, 'zip.link']],
    [
      'a bomb',
      () => added('zeros', { content: Buffer.alloc(5_242_880), isDeflated: true }),
      [66, 'zip.member-too-large'],
    ],
    [
      'a local header that differs',
      () => changed('consent.json', { local: { name: 'consent.jsom' } }),
      [66, 'zip.headers-differ'],
    ],
    [
      'another mimetype',
      () => changed(MIMETYPE, { content: Buffer.from('application/zip') }),
      [1, 'unsound/mimetype', 'exporters-word'],
    ],
    ['its seal stripped', () => without(signatureName(1)), [1, 'unsound/stripped', 'exporters-word']],
    [
      'all of META-INF stripped',
      () => without(signatureName(1), manifestName(1), SEAL_TOKEN),
      [1, 'unsound/stripped', 'exporters-word'],
    ],
    [
      'everything stripped that makes it one',
      () => without(MIMETYPE, signatureName(1), manifestName(1), SEAL_TOKEN),
      [1, 'unsound/mimetype', 'exporters-word'],
    ],
    [
      'a changed member',
      () => changed('visible-text.txt', { content: Buffer.from('Betala 1 kr') }),
      [1, 'unsound/member-changed', 'exporters-word'],
    ],
    ['a member removed', () => without('report.json'), [1, 'unsound/member-missing', 'exporters-word']],
    ['a member added', () => added('addition.txt'), [1, 'unsound/member-added', 'exporters-word']],
    ['its ledger proof removed', () => without(LEDGER_PROOF, CHECKPOINT_TOKEN), [1, 'unsound/member-missing', 'none']],
  ];
  it.each(cases)('with %s is refused by name', async (_, zip, expected) => {
    expect(await found(zipOf(zip()), ...trusted)).toEqual(expected);
  });

  it('sealed by another installation is untrusted, and never sound', async () => {
    const foreign = writeBundle(members, await stranger.seal(members));
    expect(await found(foreign, ...trusted)).toEqual([2, 'untrusted/issuer', 'exporters-word']);
  });

  it('with the seal of another bundle is refused', async () => {
    const other = sealedMembers(new Map(folder).set('report.json', Buffer.from('{}')), {
      ...{ proof: await log.proofFile(2), checkpointToken: undefined },
    });
    const moved = changed(signatureName(1), { content: (await sealing.seal(other)).signature });
    expect(await found(zipOf(moved), ...trusted)).toEqual([1, 'unsound/digest', 'exporters-word']);
  });

  it('with the timestamp of another seal is refused', async () => {
    const stamp = (): Promise<Stamp> => sealing.stamp(hash('sha256', 'another seal', 'buffer'));
    const foreign = await sealing.seal(members, 1, { stamp });
    const path = file('evidence.asice', writeBundle(members, foreign));
    const { code, stdout } = await runCli('verify', path, ...trusted, '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([
      1,
      { seal: { timestamp: { state: 'unsound', reason: 'imprint' } } },
    ]);
  });

  it('with the proof of other evidence is refused, though its seal is sound', async () => {
    const other = folderOf(
      vectorOf({ ...facts, consentId: '0b4f7d0e-6f0a-4c51-9d3e-000000000009' as typeof facts.consentId }),
    );
    const swapped = await ledgered(other, log, 2, sealing);
    expect(await found(writeBundle(swapped, await sealing.seal(swapped)), ...trusted)).toEqual([
      1,
      'sound',
      'unsound/proof',
    ]);
  });

  it('with the token of another checkpoint is refused, though its seal is sound', async () => {
    const { token: checkpointToken } = await sealing.stamp(hash('sha256', (await log.head(4)).note, 'buffer'));
    const swapped = sealedMembers(folder, { proof: await log.proofFile(2), checkpointToken });
    const path = file('evidence.asice', writeBundle(swapped, await sealing.seal(swapped)));
    const { code, stdout } = await runCli('verify', path, ...trusted, '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([1, { ledger: { timestamp: { reason: 'imprint' } } }]);
  });

  it('of a ledger whose key was not given is refused', async () => {
    const other = new SmallLog();
    const options = [...rootOnly, '--ledger-key', other.vkey];
    expect(await found(writeBundle(members, seal), ...options)).toEqual([1, 'untrusted/issuer', 'unsound/key']);
  });
});
