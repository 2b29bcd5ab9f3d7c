import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { operatorVariables } from '../../support/commands/operator-command.ts';
import { describeCommands, shellBlocks, ShellSession } from '../../support/commands/shell-session.ts';
import { anna, quick, TestSystem } from '../../support/system/system.ts';

describeCommands('what an auditor pastes', () => {
  let system: TestSystem;
  let shell: ShellSession;
  let consent: string;
  beforeAll(async () => {
    system = await TestSystem.start({ timings: quick });
    await system.signedPayment();
    const [row] = await system.database.asOwner('select id from consent');
    consent = String(row?.['id']);
    shell = new ShellSession({ issuer: system.system.issuer, folder: system.folder });
    await shell.run(await serviceEnvironment(system));
  }, 120_000);
  afterAll(async () => {
    shell.close();
    await system.stop();
  });

  /** Runs a block with the service under test in place of the sandbox's, and the consent where the document has `<consent>`. */
  const paste = (block: string): Promise<string> =>
    shell.run(block.replaceAll('http://localhost:3000', system.system.issuer).replaceAll('<consent>', consent));

  it('from docs/auditor.md leads from an order to what a person and a court are given', async () => {
    const number = join(system.folder, 'number');
    writeFileSync(number, anna);
    const said: Readonly<Record<string, readonly string[]>> = {
      'export AUDITOR_ISSUER': [],
      'export --consent': ['Ordered export', 'consents 1, '],
      'export --first-day': ['consents 0, '],
      'ls "$work/export"': ['README.html', 'index.csv', 'manifest.p7s'],
      'sigill -- receipt': [],
      'sigill -- verify': ['TOTAL-PASSED', 'seal: sound', 'PASSED  UNPINNED'],
      'sigill -- figures': ['exempelbanken', 'authorised  1  ', 'EBA/GL/2020/01'],
      'sigill -- hold place': ['case A-15/26', `consent:exempelbanken:${consent}`],
      'sigill -- subject': [consent, 'DRAFT, NOT TO BE SENT', 'raderas inte ännu'],
      'sigill -- case': ['consent.pushed', 'evidence.exported'],
    };
    const blocks = shellBlocks('docs/auditor.md');
    const unknown = blocks.filter((block) => !Object.keys(said).some((words) => block.includes(words)));
    expect(unknown).toEqual([]);
    for (const block of blocks) {
      const printed = await paste(block.replaceAll('< number', `< ${number}`));
      const [, expected = []] = Object.entries(said).find(([words]) => block.includes(words)) ?? [];
      for (const words of expected) expect(printed).toContain(words);
      expect(printed).not.toMatch(/error|not found|usage:|there is no paper/i);
    }
    expect(await shell.run('ls "$work"')).toMatch(/case\.pdf.*export.*receipt\.pdf/s);
  }, 180_000);

  it('from the README verifies an export and its one folder', async () => {
    const made = ['--break-glass T/1 --bank exempelbanken', '--from 2026-01-01 --to 2100-01-01', '--out export.zip'];
    const block = shellBlocks('README.md').find((each) => each.includes('verify.sh')) ?? '';
    expect(block).toContain('demo --export export.zip');
    await shell.run(`mkdir '${system.folder}/readme' && cd '${system.folder}/readme'`);
    const printed = await shell.run(block.replace('demo --export export.zip', `export ${made.join(' ')}`));
    expect(printed.match(/TOTAL-PASSED/g)?.length).toBeGreaterThanOrEqual(2);
    expect(printed).toContain('PASSED  UNPINNED');
    expect(printed).not.toMatch(/NO EVIDENCE|not evidence|error|cannot/i);
  }, 120_000);
});

/** So that commands of the operator find the service under test, as they find a running sandbox. */
async function serviceEnvironment(system: TestSystem): Promise<string> {
  return Object.entries(await operatorVariables(system))
    .map(([name, value]) => `export ${name}='${value}'`)
    .join('\n');
}
