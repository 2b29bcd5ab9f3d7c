import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { X509Certificate } from 'node:crypto';
import { evidenceFolder } from '../../../src/evidence-files/evidence-folder.ts';
import { EvidenceFolders, withTools, type Ran } from '../../support/evidence/evidence-folders.ts';

const folders = new EvidenceFolders();
const shells = [['sh'], ['dash'], ['bash'], ['bash', '--posix'], ['mksh'], ['busybox', 'sh']].filter(
  ([program = '', ...first]) => spawnSync(program, [...first, '-c', ':']).status === 0,
);

withTools('verify.sh in the hands of an auditor who is in a hurry', () => {
  let files: ReadonlyMap<string, Buffer>;
  let sound: string;

  beforeAll(async () => {
    await folders.open();
    files = evidenceFolder(await folders.contentOf({}));
    sound = folders.write(files);
  }, 120_000);
  afterAll(() => folders.close());

  /** `sh NAME/verify.sh`, as it is typed in the directory that holds the folder. */
  function runIn(cwd: string, words: readonly string[], env: NodeJS.ProcessEnv = {}): Ran {
    const [program = 'sh', ...rest] = words;
    const { status, stdout } = spawnSync(program, rest, {
      cwd,
      env: { ...process.env, ...env },
      encoding: 'utf8',
      timeout: 60_000,
    });
    return { status, stdout };
  }

  const emptyDirectory = (): string => mkdtempSync(path.join(folders.work, 'd-'));

  it.each(shells)('looks at the folder that it stands in, and at no namesake in CDPATH (%s %s)', (...shell) => {
    const [here, elsewhere] = [emptyDirectory(), emptyDirectory()];
    cpSync(sound, path.join(elsewhere, 'evidence'), { recursive: true });
    cpSync(sound, path.join(here, 'evidence'), { recursive: true });
    writeFileSync(path.join(here, 'evidence/consent.json'), '{}');
    const words = shell.filter((word) => typeof word === 'string');
    const { status, stdout } = runIn(here, [...words, 'evidence/verify.sh'], { CDPATH: elsewhere });
    expect(stdout).toContain('FAILED  consent.json is not the file that VERIFY.txt names');
    expect(status).toBe(1);
  });

  it.each(['-P', '-', '--', 'a b', '$HOME', '*'])('looks at a folder that is called %j', (name) => {
    const here = emptyDirectory();
    cpSync(sound, path.join(here, name), { recursive: true });
    expect(runIn(here, ['sh', '--', `${name}/verify.sh`])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('PASSED  UNPINNED'),
    });
  });

  it('says that the temporary directory is full, and nothing about the evidence', () => {
    const bin = path.join(emptyDirectory(), 'bin');
    mkdirSync(bin);
    // As cat ends on a full disk: it is the first that writes as much as there will be.
    writeFileSync(path.join(bin, 'cat'), '#!/bin/sh\n[ ! -f /dev/stdout ] || exit 1\nPATH=${PATH#*:} exec cat "$@"\n');
    chmodSync(path.join(bin, 'cat'), 0o755);
    const { status, stdout } = runIn(sound, ['sh', 'verify.sh'], { PATH: `${bin}:${process.env['PATH']}` });
    expect(stdout).toBe('UNCHECKED  the temporary directory has no room; this says nothing about the evidence\n');
    expect(status).toBe(66);
  });

  it('says that what it was given is no certificate, and nothing about the evidence', () => {
    const readme = path.join(emptyDirectory(), 'README');
    writeFileSync(readme, 'BankID Root CA v1\n');
    const { status, stdout } = folders.run(sound, [readme]);
    expect(stdout).toBe(
      'UNCHECKED  the root certificate that you gave is not a certificate in PEM; this says nothing about the evidence\n',
    );
    expect(status).toBe(66);
  });

  it('takes the root as DER too, or says that it cannot, and never that the evidence is false', () => {
    const der = path.join(emptyDirectory(), 'root.cer');
    writeFileSync(der, new X509Certificate(files.get('bankid-root.pem')!).raw);
    expect([0, 66]).toContain(folders.run(sound, [der]).status);
  });

  it('says that a shell which splits no words will not do, as that of a Mac', () => {
    // zsh does not split words; with an empty IFS bash does not either.
    const { status, stdout } = runIn(sound, ['bash', '-c', 'IFS=; . ./verify.sh']);
    expect(stdout).toBe('UNCHECKED  this shell is not a POSIX one: sh verify.sh\n');
    expect(status).toBe(66);
  });
});
