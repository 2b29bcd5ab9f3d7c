import { Command, CommanderError } from 'commander';
import { jest } from '@jest/globals';
import { registerExport } from '../../../src/cli/export-command.ts';

const period = ['--from', '2026-01-01', '--to', '2026-02-01'];

describe('sigill export', () => {
  const printed: string[] = [];
  let spy: { mockRestore(): void };
  beforeEach(() => {
    printed.length = 0;
    spy = jest.spyOn(process.stderr, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  });
  afterEach(() => {
    spy.mockRestore();
    process.exitCode = undefined;
  });

  async function run(...args: string[]): Promise<void> {
    const program = new Command('sigill').exitOverride();
    registerExport(program);
    for (const command of program.commands) command.exitOverride();
    await program.parseAsync(['export', ...args], { from: 'user' });
  }

  it('refuses to mix the archive with a JSON document on the standard output', async () => {
    await run(...period, '--purpose', 'Revision', '--out', '-', '--json');
    expect(process.exitCode).toBe(64);
    expect(printed.join('')).toMatch(/standard output/);
  });

  it('refuses a period that is none', async () => {
    await run('--from', '2026-02-01', '--to', '2026-01-01', '--purpose', 'Revision', '--out', 'x.zip');
    expect(process.exitCode).toBe(64);
  });

  it.each([
    ['--purpose', 'Revision'],
    ['--out', 'x.zip'],
  ])('asks for what is missing beside %s', async (...given) => {
    await expect(run(...period, ...given)).rejects.toThrow(CommanderError);
  });
});
