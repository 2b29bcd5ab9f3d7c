import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
const documents = globSync(['*.md', 'docs/**/*.{md,sh,mjs,ts,py,java}'], { cwd: root });

/** Commands of GNU coreutils and of Linux, and options that BSD's commands lack. */
const notOnMacOs = [
  /\b(?:sha(?:1|224|256|384|512)sum|md5sum|basenc|tac|numfmt|shuf|nproc|setsid|getent|xdg-open|systemctl|apt-get)\b/,
  /\b(?:readlink -f|realpath|stat -c|date (?:-d|--)|grep -P|sort -V|xargs -r|cp --|mktemp --|base64 (?:-w|--))/,
  /\bsed (?:-[a-zA-Z]* )*-i(?! '')/,
  /\bdate \S*%N/,
  /\bfind [^|\n]*-printf\b/,
];

describe('a document', () => {
  it('is found', () => {
    expect(documents).toEqual(expect.arrayContaining(['README.md', 'docs/tpp.md', 'docs/first-consent.md']));
  });

  it.each(documents)('%s names no command that macOS lacks', (name) => {
    const lines = readFileSync(join(root, name), 'utf8').split('\n');
    expect(lines.filter((line) => notOnMacOs.some((command) => command.test(line)))).toEqual([]);
  });
});
