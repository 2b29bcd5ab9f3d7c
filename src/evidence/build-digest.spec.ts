import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { digestOf } from './build-digest.ts';

/** As docs/operator.md tells the reader to compute it. */
const command =
  "find migrations src -type f ! -name '*.map' ! -name '*.d.ts' | LC_ALL=C sort | xargs sha256sum | sha256sum";

describe('the digest of the built program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sigill-build-'));
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  beforeAll(() => {
    for (const name of ['src/main.js', 'src/a/b.js', 'src/a-b.js', 'src/a.css', 'src/Z.js', 'migrations/0001_a.sql'])
      write(name, name);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is what find, sort and sha256sum make of its files', () => {
    expect(execFileSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' })).toBe(`${digestOf(folder)}  -\n`);
  });

  it('changes with each file and its name, and not with what does not run', () => {
    const before = digestOf(folder);
    write('src/main.js.map', 'x');
    write('src/main.d.ts', 'x');
    write('package.json', '{}');
    expect(digestOf(folder)).toBe(before);
    write('src/c.js', 'src/c.js');
    const added = digestOf(folder);
    write('src/c.js', 'other');
    const changed = digestOf(folder);
    rmSync(join(folder, 'src/c.js'));
    write('src/d.js', 'src/c.js');
    expect(new Set([before, added, changed, digestOf(folder)]).size).toBe(4);
  });
});
