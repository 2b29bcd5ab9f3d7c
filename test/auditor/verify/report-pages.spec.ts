import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  exportOf,
  folderFor,
  folderOf,
  ONE,
  TWO,
  trustsSeals,
  writeFolder,
  writeZip,
} from '../../support/evidence/evidence-export.ts';
import { runCli } from '../../support/commands/run-cli.ts';
import { personalNumber } from '../../support/vectors/test-pki.ts';
import { makeVector } from '../../support/vectors/vector.ts';

const work = mkdtempSync(join(tmpdir(), 'sigill-pages-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const vector = makeVector();
const root = join(work, 'root.pem');
writeFileSync(root, vector.rootPem);
const trusted = ['--trust-unpinned', root, ...trustsSeals(work)];

let count = 0;
/** What the page says, and the exit code. */
async function pageOf(...args: readonly string[]): Promise<{ readonly code: number; readonly page: string }> {
  count += 1;
  const out = join(work, `${count}.html`);
  const { code } = await runCli('verify', ...args, ...trusted, '--html', out);
  expect(statSync(out).mode & 0o777).toBe(0o600);
  return { code, page: readFileSync(out, 'utf8') };
}

describe('sigill verify --html', () => {
  it('writes the report on one evidence as the verify page shows it, masked, in either language', async () => {
    const zip = await writeZip(join(work, 'one.zip'), new Map(folderOf(vector)));
    const { code, page } = await pageOf(zip);
    expect(code).toBe(0);
    expect(page).toContain('data-indication="TOTAL-PASSED"');
    expect(page).toContain(createHash('sha256').update(readFileSync(zip)).digest('hex'));
    expect(page).toContain('19900101****');
    expect(page).not.toContain(personalNumber);
    const folder = await writeFolder(join(work, 'one'), folderOf(vector));
    const swedish = await pageOf(folder, '--lang', 'sv');
    expect(swedish.page).toContain('Underskriften är äkta');
    expect(swedish.page).toContain('Den som har mappen kan kontrollera den igen');
  });

  it('writes one that loads nothing and runs nothing', async () => {
    const { page } = await pageOf(await writeZip(join(work, 'bare.zip'), new Map(folderOf(vector))));
    expect(page).not.toMatch(/<script|\son[a-z]+=|@import|url\(/);
    const addresses = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address = '']) => address);
    expect(addresses.filter((address) => !/^(?:#|data:image\/svg\+xml;base64,)/.test(address))).toEqual([]);
    expect(page).toContain('default-src &#39;none&#39;; style-src &#39;sha256-');
  });

  it('writes of an export what it comes to, who sealed it, and a line for each evidence that names no person', async () => {
    const tpp = { name: '<b>x</b>', authorisationNumber: 'x' };
    const files = await exportOf({ [ONE]: folderOf(vector), [TWO]: folderFor(TWO, { tpp }) });
    const sound = await pageOf(await writeZip(join(work, 'export.zip'), files), '--reveal');
    expect(sound.code).toBe(0);
    expect(sound.page).toContain('data-mark="good"');
    expect(sound.page.match(/<tr class="good">/g)).toHaveLength(2);
    expect(sound.page).toContain('data-finding="seal" data-state="good"');
    expect(sound.page).toMatch(/<p>Complete: /);
    expect(sound.page).toMatch(/1[,.\u00a0 ]250\.00/);
    expect(sound.page).not.toContain(personalNumber);
    expect(sound.page).not.toContain('Anna Andersson');
    files.set(`${TWO}/visible-text.txt`, Buffer.from('Something else'));
    files.delete('index.sv.csv');
    const changed = await pageOf(await writeFolder(join(work, 'export'), files), '--lang', 'sv');
    expect(changed.code).toBe(1);
    expect(changed.page).toContain('data-mark="bad"');
    expect(changed.page.match(/<tr class="(?:good|bad)">/g)?.sort()).toEqual(['<tr class="bad">', '<tr class="good">']);
    expect(changed.page).toContain('(exporten saknar index.sv.csv)');
  });

  it('escapes the names of files', async () => {
    const folder = await writeFolder(join(work, 'strange'), new Map([['<img src=x>.xml', Buffer.from('<xml/>')]]));
    const { code, page } = await pageOf(folder);
    expect(code).toBe(66);
    expect(page).not.toContain('<img src=x>');
    expect(page).toContain('data-mark="open"');
  });

  it('overwrites nothing, says so before it verifies, and is no page of lines', async () => {
    const zip = await writeZip(join(work, 'again.zip'), new Map(folderOf(vector)));
    for (const args of [
      ['--html', root],
      ['--html', '-'],
      ['--html', join(work, 'new.html'), '--jsonl'],
    ]) {
      const { code, stdout, stderr } = await runCli('verify', zip, ...trusted, ...args);
      expect([code, stdout]).toEqual([64, '']);
      expect(stderr).toMatch(/--html|overwritten/);
    }
    expect(readFileSync(root, 'utf8')).toBe(vector.rootPem);
  });
});
