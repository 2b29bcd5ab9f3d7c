import { Command, CommanderError } from 'commander';
import { registerInspect } from '../../../src/cli/inspect-command.ts';
import { registerRenewTimestamps } from '../../../src/cli/ledger-commands.ts';
import { registerClient, registerPapers, registerSettings } from '../../../src/cli/offline-commands.ts';
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
  const restore = [keepWrites(process.stdout, out), keepWrites(process.stderr, err)];
  process.exitCode = undefined;
  try {
    const program = new Command('sigill').exitOverride();
    registerVerify(program);
    registerInspect(program);
    registerPapers(program);
    registerSettings(program);
    registerClient(program);
    registerRenewTimestamps(program);
    for (const command of program.commands) command.exitOverride();
    await program.parseAsync([...args], { from: 'user' });
    return { code: exitCode(), stdout: out.join(''), stderr: err.join('') };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { code: error.exitCode === 0 ? 0 : 64, stdout: out.join(''), stderr: err.join('') };
  } finally {
    process.exitCode = undefined;
    for (const one of restore) one();
  }
}

/** Until the function that it returns is called, what is written to `stream` is kept and not shown. */
function keepWrites(stream: NodeJS.WriteStream, kept: string[]): () => void {
  const write = Reflect.get<NodeJS.WriteStream, 'write'>(stream, 'write');
  stream.write = (text: string | Uint8Array): boolean => kept.push(String(text)) > 0;
  return () => {
    stream.write = write;
  };
}

function exitCode(): number {
  return Number(process.exitCode ?? 0);
}
