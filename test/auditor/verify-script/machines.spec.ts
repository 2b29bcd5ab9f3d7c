import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { evidenceFolder, type FolderContent } from '../../../src/evidence-files/evidence-folder.ts';
import { EvidenceFolders, whereIs, withTools } from '../../support/evidence/evidence-folders.ts';

const utilities = ['cat', 'cut', 'ls', 'mkdir', 'rm', 'tr', 'wc'];
const tools = ['openssl', 'xmlsec1', ...utilities];
const folders = new EvidenceFolders();
const shell = whereIs('sh') ?? 'sh';
/** The program itself, also where the shell has one built in. */
const fileOf = (tool: string): string => {
  const directories = (process.env['PATH'] ?? '').split(path.delimiter);
  return directories.map((directory) => path.join(directory, tool)).find((file) => existsSync(file)) ?? '';
};

/** A directory for PATH: each tool is a link, or a script of its own. */
function machineOf(programs: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const bin = mkdtempSync(path.join(folders.work, 'bin-'));
  for (const [name, program] of Object.entries(programs)) {
    if (!program.startsWith('#!')) symlinkSync(program, path.join(bin, name));
    else {
      writeFileSync(path.join(bin, name), program);
      chmodSync(path.join(bin, name), 0o755);
    }
  }
  return { PATH: bin, TMPDIR: folders.work };
}

// Some shells have a printf of their own; mksh has not.
const own = Object.fromEntries([...tools, 'printf'].map((tool) => [tool, fileOf(tool)]));
const script = (body: string): string => `#!${shell}\n${body}\n`;
const without = (tool: string) => Object.fromEntries(Object.entries(own).filter(([name]) => name !== tool));

withTools('verify.sh on a machine that it does not know', () => {
  let content: FolderContent;
  let sound: string;

  beforeAll(async () => {
    await folders.open();
    content = await folders.contentOf({});
    sound = folders.write(evidenceFolder(content));
  }, 120_000);
  afterAll(() => folders.close());

  it.each(tools)('says that %s is missing, and nothing about the evidence', (tool) => {
    const { status, stdout } = folders.run(sound, [], machineOf(without(tool)), [shell]);
    expect(stdout).toMatch(new RegExp(`^UNCHECKED {2}${tool} is not on this machine`));
    expect(stdout).not.toContain('FAILED');
    expect(status).toBe(66);
  });

  it.each([
    ['an openssl without OCSP', 'openssl', `case $1 in ocsp) echo "Invalid command 'ocsp'" >&2; exit 1 ;; esac`],
    ['an openssl without base64', 'openssl', 'case $1 in base64) exit 1 ;; esac'],
    ['an openssl that makes no SHA-1', 'openssl', 'case "$1 $2" in "dgst -sha1") exit 1 ;; esac'],
    ['an xmlsec1 without RSA', 'xmlsec1', 'case $1 in --check-transforms) exit 1 ;; esac'],
    ['an xmlsec1 that reads no certificates', 'xmlsec1', 'case $1 in --check-key-data) exit 1 ;; esac'],
  ])('says that %s will not do, and nothing about the evidence', (_, tool, exception) => {
    const other = script(`${exception}\nexec ${own[tool]} "$@"`);
    const { status, stdout } = folders.run(sound, [], machineOf({ ...own, [tool]: other }), [shell]);
    expect(stdout).toMatch(new RegExp(`^UNCHECKED {2}this ${tool} `));
    expect(status).toBe(66);
  });

  it('lets xmlsec1 judge, and refuses what that refuses', () => {
    const judge = script(`case $1 in --verify) exit 1 ;; esac\nexec ${own['xmlsec1']} "$@"`);
    const { status, stdout } = folders.run(sound, [], machineOf({ ...own, xmlsec1: judge }), [shell]);
    expect(stdout).toContain('FAILED  xmlsec1 refuses the signature');
    expect(status).toBe(1);
  });

  it.each([
    ['dash', ['dash']],
    ['the shell and the utilities of BusyBox', ['busybox', 'sh']],
    ['mksh', ['mksh']],
    ['bash that keeps to POSIX', ['bash', '--posix']],
  ] as const)('accepts a good folder under %s', (name, [program, ...first]) => {
    const found = whereIs(program);
    if (found === undefined) {
      process.stderr.write(`skipped: verify.sh under ${name}, which this machine lacks\n`);
      return;
    }
    const boxed = program === 'busybox' ? Object.fromEntries(utilities.map((tool) => [tool, found])) : {};
    const { status, stdout } = folders.run(sound, [], machineOf({ ...own, ...boxed }), [found, ...first]);
    expect(stdout).toMatch(/PASSED {2}UNPINNED/);
    expect(status).toBe(0);
  });

  it('accepts a good folder with the utilities of BSD: a wc that indents, an openssl that says SHA256(stdin)', () => {
    const indenting = script(`n=$(${own['wc']} "$@") || exit\nprintf '%8d\\n' "$n"`);
    const naming = script(`case "$1 $2" in
  'dgst -sha256' | 'dgst -sha1') [ $# -gt 2 ] || { printf 'SHA256(stdin)= %s\\n' "$(${own['openssl']} "$@" -r | cut -d ' ' -f 1)"; exit; } ;;
esac
exec ${own['openssl']} "$@"`);
    const { status, stdout } = folders.run(sound, [], machineOf({ ...own, wc: indenting, openssl: naming }), [shell]);
    expect(stdout).toMatch(/PASSED {2}UNPINNED/);
    expect(status).toBe(0);
  });

  it('asks openssl for nothing that LibreSSL lacks, and the utilities for nothing that POSIX lacks', () => {
    const log = path.join(folders.work, 'asked');
    const overheard = Object.entries(own).map(([tool, program]): [string, string] => [
      tool,
      script(`printf '%s\n' "${tool} $*" >>${log}\nexec ${program} "$@"`),
    ]);
    expect(folders.run(sound, [], machineOf(Object.fromEntries(overheard)), [shell]).status).toBe(0);
    const asked = readFileSync(log, 'utf8').split('\n').filter(Boolean);
    expect(asked.length).toBeGreaterThan(50);
    for (const line of asked) {
      const [tool = '', first = '', ...others] = line.split(' ');
      if (tool === 'xmlsec1') continue;
      const command = tool === 'openssl' ? `openssl ${first}` : tool;
      const options = (tool === 'openssl' ? others : [first, ...others]).filter((word) => /^-[A-Za-z]/.test(word));
      expect([command, options.filter((option) => !(permitted[command] ?? []).includes(option))]).toEqual([
        command,
        [],
      ]);
    }
  });

  describe('does not hang, and names the file,', () => {
    const places: readonly (readonly [string, (file: string) => void])[] = [
      ['a FIFO', (file) => execFileSync(fileOf('mkfifo'), [file])],
      ['a link to a device', (file) => symlinkSync('/dev/zero', file)],
      ['a link to a file of the same content', (file) => symlinkSync(path.join(sound, path.basename(file)), file)],
      ['a link that leads nowhere', (file) => symlinkSync('/nowhere', file)],
      ['a directory', (file) => mkdirSync(file)],
      [
        'a sparse file of a terabyte',
        (file) => {
          writeFileSync(file, '');
          truncateSync(file, 2 ** 40);
        },
      ],
    ];
    it.each(places)('where a file of the folder is %s', (_, place) => {
      for (const name of ['VERIFY.txt', 'consent.json', 'signature.b64']) {
        const folder = folders.write(evidenceFolder(content));
        rmSync(path.join(folder, name));
        place(path.join(folder, name));
        const { status, stdout } = folders.run(folder);
        expect(stdout).toMatch(new RegExp(`^FAILED {2}${name} is (?:not a plain file|larger than)`));
        expect(status).toBe(1);
      }
    });

    it.each(['consent (1).json', '.hidden', 'LÄS MIG.txt', 'CONSENT.JSON', 'a\nb', '-rf', '\u001b[2Jx'])(
      'where something else lies in the folder: %j',
      (stranger) => {
        const folder = folders.write(new Map([...evidenceFolder(content), [stranger, Buffer.from('{}')]]));
        const { status, stdout } = folders.run(folder);
        const shown = Buffer.from(stranger)
          .toString('latin1')
          .replaceAll(/[^\x20-\x7e]/g, '?');
        expect(stdout).toContain(`FAILED  ${shown} does not belong to an evidence folder`);
        expect(status).toBe(1);
      },
    );

    it('where the root that the reader gives is none of the kind', () => {
      const fifo = path.join(folders.work, 'root.fifo');
      execFileSync(fileOf('mkfifo'), [fifo]);
      for (const root of [fifo, '/nowhere.pem', folders.work]) {
        const { status, stdout } = folders.run(sound, [root]);
        expect(stdout).toContain('UNCHECKED  the root certificate that you gave cannot be read');
        expect(status).toBe(66);
      }
    });
  });

  it('leaves nothing behind in the directory for temporary files', () => {
    const empty = mkdtempSync(path.join(folders.work, 'tmp-'));
    expect(folders.run(sound, [], { ...process.env, TMPDIR: empty }).status).toBe(0);
    expect(readdirSync(empty)).toEqual([]);
  });

  it('is a script that shellcheck finds nothing in', () => {
    const shellcheck = whereIs('shellcheck');
    if (shellcheck === undefined) {
      process.stderr.write('skipped: shellcheck, which this machine lacks\n');
      return;
    }
    const checked = spawnSync(shellcheck, ['-s', 'sh', '-S', 'warning', path.join(sound, 'verify.sh')], {
      encoding: 'utf8',
    });
    expect(checked.stdout).toBe('');
    expect(checked.status).toBe(0);
  });
});

/** Options by LibreSSL's manual openssl(1), and by POSIX.1-2017. */
const permitted: Readonly<Record<string, readonly string[]>> = {
  'openssl dgst': ['-sha256', '-sha1', '-binary', '-verify', '-signature'],
  'openssl base64': ['-d', '-A', '-in', '-out'],
  'openssl ocsp': [
    '-help', // not an option of LibreSSL, which then prints its usage: that is looked for
    ...['-respin', '-noverify', '-resp_text', '-respout', '-no_cert_verify', '-no_intern', '-verify_other'],
    ...['-sha1', '-sha256', '-issuer', '-cert', '-no_nonce', '-req_text'],
  ],
  'openssl x509': [
    '-inform',
    '-in',
    '-out',
    '-noout',
    '-fingerprint',
    '-sha256',
    '-pubkey',
    '-subject',
    '-issuer',
    '-nameopt',
    '-text',
  ],
  'openssl rsa': ['-pubin', '-in', '-noout', '-modulus', '-text'],
  'openssl verify': ['-trusted', '-untrusted', '-attime'],
  printf: [],
  cat: [],
  cut: ['-d', '-f'],
  ls: ['-ldn'],
  mkdir: [],
  rm: ['-rf'],
  tr: ['-c', '-d', '-s'],
  wc: ['-c'],
};
