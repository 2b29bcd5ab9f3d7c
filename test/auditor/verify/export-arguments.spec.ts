import { Command, CommanderError } from 'commander';
import { jest } from '@jest/globals';
import { registerExport } from '../../../src/cli/export-command.ts';

const out = ['--out', 'x.zip'];
const operator = ['--break-glass', 'KRIS/1', '--bank', 'exempelbanken', '--from', '2026-01-01', '--to', '2026-02-01'];

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

  it.each([
    ['without a purpose', [...out], /^sigill: --purpose is missing/],
    ['without a place to write to', ['--purpose', 'audit'], /^sigill: --out is missing/],
    ['with result and document on the standard output', ['--purpose', 'audit', '--out', '-', '--json'], /both write/],
    ['with a glass that is broken for all banks', [...out, '--break-glass', 'KRIS/1'], /--bank/],
    [
      'with a case that is a sentence',
      [...operator, ...out, '--break-glass', 'a sentence'],
      /^--case is 1 to 40 letters/,
    ],
    [
      'with a payer whom break-glass would not look for',
      [...operator, ...out, '--payer'],
      /^--payer is not an option of/,
    ],
    ['with days that it would not read', [...operator, ...out, '--first-day', '2026-01-01'], /^--first-day is not/],
    ['with a period that is none', [...operator, ...out, '--to', '2025-01-01'], /ends before it begins/],
    ['of the operator without a place to write to', operator, /^--out is missing/],
  ])('is refused %s, before anything is asked', async (_, args, sentence) => {
    await run(...args);
    expect([process.exitCode, printed.length, printed.join('')]).toEqual([64, 1, expect.stringMatching(sentence)]);
  });

  it('is refused with a word that it does not know, also after get and delete', async () => {
    for (const words of [['--everything'], ['get', 'x', '--everything'], ['delete', 'x', '--force']])
      await expect(run(...words)).rejects.toThrow(CommanderError);
  });
});
