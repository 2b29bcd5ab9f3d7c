import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readUnpackedBundle } from '../../../src/cli/verify/files/bundle-files.ts';
import { runCli } from '../../support/commands/run-cli.ts';

const work = mkdtempSync(join(tmpdir(), 'sigill-options-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const file = (name: string, content: string): string => {
  writeFileSync(join(work, name), content);
  return join(work, name);
};

describe('sigill verify, the options for bundles', () => {
  it.each([
    ['--seal-trust', 'no certificate'],
    ['--tsa-trust', 'no certificate'],
    ['--checkpoint', 'must be a signed checkpoint'],
  ])('%s refuses a file that is none', async (option, meaning) => {
    const { code, stderr } = await runCli('verify', file('a.asice', ''), option, file('empty', 'nothing'));
    expect([code, stderr]).toEqual([64, expect.stringContaining(meaning)]);
  });

  it('--ledger-key refuses what is no verifier key', async () => {
    const { code, stderr } = await runCli('verify', file('a.asice', ''), '--ledger-key', 'x+y');
    expect([code, stderr]).toEqual([64, expect.stringContaining('must be a verifier key')]);
  });

  it('an unpacked bundle keeps the names of its files: one that only resembles another is not that one', async () => {
    const folder = join(work, 'unpacked');
    mkdirSync(folder);
    // Its first letter is U+0163, of which the lower octet is that of c.
    for (const name of ['mimetype', '\u0163onsent.json']) writeFileSync(join(folder, name), '{}');
    await expect(readUnpackedBundle(folder)).rejects.toMatchObject({ reason: { message: 'zip.foreign-name' } });
    rmSync(join(folder, '\u0163onsent.json'));
    writeFileSync(join(folder, 'consent.json'), '{}');
    expect([...(await readUnpackedBundle(folder)).members.keys()]).toEqual(['consent.json']);
  });
});
