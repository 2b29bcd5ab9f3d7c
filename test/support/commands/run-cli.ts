import { jest } from '@jest/globals';
import { Command, CommanderError } from 'commander';
import { registerInspect } from '../../../src/cli/inspect-command.ts';
import { registerVerify } from '../../../src/cli/verify-command.ts';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `sigill …` in this process. */
export async function runCli(...args: readonly string[]): Promise<Ended> {
  const out: string[] = [];
  const err: string[] = [];
  const stdout = jest.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  const stderr = jest.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(String(text)) > 0);
  process.exitCode = undefined;
  try {
    const program = new Command('sigill').exitOverride();
    registerVerify(program);
    registerInspect(program);
    for (const command of program.commands) command.exitOverride();
    await program.parseAsync([...args], { from: 'user' });
    return { code: exitCode(), stdout: out.join(''), stderr: err.join('') };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { code: error.exitCode === 0 ? 0 : 64, stdout: out.join(''), stderr: err.join('') };
  } finally {
    process.exitCode = undefined;
    stdout.mockRestore();
    stderr.mockRestore();
  }
}

function exitCode(): number {
  return Number(process.exitCode ?? 0);
}
