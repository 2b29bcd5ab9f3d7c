import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sign } from 'node:crypto';
import { sealedMembers, writeBundle } from '../../../src/bundle/container.ts';
import { evidenceFolder } from '../../../src/evidence-files/evidence-folder.ts';
import { EvidenceFolders, whereIs, withTools, type Ran } from '../../support/evidence/evidence-folders.ts';
import { defaultTime } from '../../support/evidence/sign-consent.ts';
import { Sealing } from '../../support/seals/sealing.ts';
import { tamperings, unpack, type Contents } from '../../support/seals/tampered.ts';

const folders = new EvidenceFolders();
const ledger = { proof: Buffer.from('c2sp.org/tlog-proof@v1\n'), checkpointToken: undefined };
const TOKEN = 'META-INF/sigill-token.tsr';
const SIGNATURE = 'META-INF/signature001.p7s';

/** An unpacked bundle. */
function write(contents: Contents): string {
  const folder = mkdtempSync(path.join(folders.work, 'b-'));
  mkdirSync(path.join(folder, 'META-INF'));
  for (const [name, bytes] of contents) writeFileSync(path.join(folder, name), bytes);
  return folder;
}

withTools('verify.sh of an unpacked bundle', () => {
  let sealing: Sealing;
  let sound: Contents;
  let trusted: NodeJS.ProcessEnv;

  beforeAll(async () => {
    await folders.open();
    sealing = await Sealing.open(new Date(defaultTime.getTime() + 60_000));
    const members = sealedMembers(evidenceFolder(await folders.contentOf({})), ledger);
    sound = unpack(await sealing.bundle(members));
    trusted = withCa('SEAL_CA', sealing.services.rootPem, withCa('TSA_CA', sealing.services.rootPem));
  }, 120_000);
  afterAll(() => folders.close());

  /** The environment in which this is the root of seals or timestamps. */
  const withCa = (name: 'SEAL_CA' | 'TSA_CA', pem: string, env = process.env): NodeJS.ProcessEnv => {
    const file = path.join(mkdtempSync(path.join(folders.work, 'ca-')), 'root.pem');
    writeFileSync(file, pem);
    return { ...env, [name]: file };
  };
  const runChanged = (change: (contents: Contents) => unknown, env = trusted): Ran => {
    const contents = new Map(sound);
    change(contents);
    return folders.run(write(contents), [], env);
  };
  const refused = (reason: RegExp | string): unknown => [1, expect.stringMatching(reason), false];
  const said = ({ status, stdout }: Ran): unknown => [status, stdout, stdout.includes('PASSED')];

  it('accepts its seal and its timestamp under the roots that the reader brings', () => {
    const { status, stdout } = runChanged(() => undefined);
    expect(stdout).toMatch(/ok {6}sealed, every member, by .*CN=Sigill Sandbox Seal/);
    expect(stdout).toMatch(/ok {6}sealed before Nov 22 10:01:00 2026 GMT/);
    expect(stdout).not.toContain('untrusted');
    expect([status, stdout.includes('PASSED')]).toEqual([0, true]);
  });

  it('needs no more than BusyBox, xmlsec1 and openssl', () => {
    const busybox = whereIs('busybox');
    if (busybox === undefined) {
      process.stderr.write('skipped: verify.sh under BusyBox, which this machine lacks\n');
      return;
    }
    const { status, stdout } = folders.run(write(sound), [], trusted, [busybox, 'sh']);
    expect([status, stdout]).toEqual([0, expect.stringContaining('ok      sealed before')]);
  });

  it('says that an openssl without CMS will not do, and nothing about the evidence', () => {
    const bin = mkdtempSync(path.join(folders.work, 'bin-'));
    const real = whereIs('openssl');
    writeFileSync(path.join(bin, 'openssl'), `#!/bin/sh\n[ "$1" != cms ] || exit 1\nexec ${real} "$@"\n`, {
      mode: 0o755,
    });
    const env = { ...trusted, PATH: `${bin}${path.delimiter}${process.env['PATH']}` };
    const { status, stdout } = folders.run(write(sound), [], env);
    expect([status, stdout]).toEqual([66, expect.stringContaining('UNCHECKED  this openssl reads no seals')]);
  });

  it('says that both are untrusted without roots, and that a folder has none', () => {
    const { status, stdout } = runChanged(() => undefined, process.env);
    expect(stdout).toMatch(/seal {4}untrusted: genuine, of these files, by .*CN=Sigill Sandbox Seal/);
    expect(stdout).toMatch(/time {4}untrusted: /);
    expect(status).toBe(0);
    const plain = [...sound].filter(([name]) => !/^(META-INF\/|mimetype|ledger)/.test(name));
    const folder = folders.run(folders.write(new Map(plain)));
    expect([folder.status, folder.stdout]).toEqual([0, expect.stringContaining('seal    none')]);
  });

  it('does not call the seal sound by the time of an authority that the reader did not give', () => {
    const { status, stdout } = runChanged(() => undefined, withCa('SEAL_CA', sealing.services.rootPem));
    expect(stdout).toMatch(/seal {4}untrusted: genuine, .*under SEAL_CA/);
    expect(stdout).not.toMatch(/ok {6}sealed/);
    expect(status).toBe(0);
  });

  it.each(['SEAL_CA', 'TSA_CA'] as const)('refuses it where %s is another root', (name) => {
    const other = withCa(name, folders.pki.relyingParty.signatureRootPem, trusted);
    expect(said(runChanged(() => undefined, other))).toEqual(refused(new RegExp(`FAILED .* ${name}\\n$`)));
  });

  it.each(Object.entries(tamperings))('refuses %s', (_, change) => {
    expect(said(runChanged(change))).toEqual(refused('FAILED'));
  });

  it.each<[string, (contents: Contents) => unknown, string]>([
    ['a changed mimetype', (c) => c.set('mimetype', Buffer.from('application/zip')), 'mimetype does not say'],
    ['a member more', (c) => c.set('annex.txt', Buffer.from('x')), 'annex.txt does not belong'],
    [
      'a member more of a name that is known',
      (c) => c.set('checkpoint.tsr', Buffer.from('x')),
      'checkpoint.tsr is not sealed',
    ],
    ['a file more in META-INF', (c) => c.set('META-INF/manifest.xml', Buffer.from('x')), 'does not belong'],
    ['two names in one', (c) => c.set('ocsp.b64 report.json', Buffer.from('x')), 'does not belong'],
    [
      'another ledger proof',
      (c) => c.set('ledger.tlog-proof', Buffer.from('x')),
      'ledger.tlog-proof is not the file that was sealed',
    ],
    ['no seal', (c) => c.delete('META-INF/ASiCManifest001.xml'), 'META-INF'],
    ['no timestamp', (c) => c.delete(TOKEN), `${TOKEN} is missing`],
    ['a seal in place of the timestamp', (c) => c.set(TOKEN, c.get(SIGNATURE)!), 'is not a timestamp'],
  ])('refuses %s', (_, change, reason) => {
    expect(said(runChanged(change))).toEqual(refused(reason));
  });

  it('refuses the seal of another bundle, and the timestamp of another seal', async () => {
    const members = [...sound].filter(([name]) => !/^(META-INF\/|mimetype)/.test(name));
    const other = unpack(await sealing.bundle(new Map([...members, ['ledger.tlog-proof', Buffer.from('other')]])));
    expect(said(runChanged((c) => c.set(SIGNATURE, other.get(SIGNATURE)!).set(TOKEN, other.get(TOKEN)!)))).toEqual(
      refused('seal 1 is not genuine'),
    );
    expect(said(runChanged((c) => c.set(TOKEN, other.get(TOKEN)!)))).toEqual(refused('of another seal'));
  });

  it('accepts a second seal, of years later too, and refuses one by a certificate that is none for seals', async () => {
    const members = new Map([...sound].filter(([name]) => !/^(META-INF\/|mimetype)/.test(name)));
    const first = { signature: sound.get(SIGNATURE)!, token: sound.get(TOKEN)! };
    const { signature: second } = await sealing.seal(members, 2);
    expect(folders.run(write(unpack(writeBundle(members, first, [second]))), [], trusted).status).toBe(0);
    const later = await Sealing.open(new Date(sealing.now.getTime() + 400 * 86_400_000));
    const { signature: resealed } = await later.seal(members, 2);
    const { status, stdout } = folders.run(write(unpack(writeBundle(members, first, [resealed]))), [], trusted);
    expect([status, stdout]).toEqual([0, expect.stringMatching(/seal {4}once more: genuine/)]);
    const { certificate, privateKey: key } = sealing.services.good;
    const foreign = await sealing.seal(members, 2, {
      chain: [certificate, ...sealing.sealer().chain.slice(1)],
      sign: (bytes) => sign('sha256', bytes, { key, dsaEncoding: 'der' }),
    });
    const bad = folders.run(write(unpack(writeBundle(members, first, [foreign.signature]))), [], trusted);
    expect(said(bad)).toEqual(refused('certificate of seal 2 is not for seals'));
  });

  it('opens no link that stands for META-INF', () => {
    const folder = write(sound);
    const away = mkdtempSync(path.join(folders.work, 'm-'));
    rmSync(away, { recursive: true });
    renameSync(path.join(folder, 'META-INF'), away);
    symlinkSync(away, path.join(folder, 'META-INF'));
    expect(said(folders.run(folder, [], trusted))).toEqual(refused('META-INF is not a folder'));
  });
});
