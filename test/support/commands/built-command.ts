import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export interface CommandEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartedCommand {
  readonly child: ChildProcess;
  readonly ended: Promise<CommandEnd>;
}

const program = join(import.meta.dirname, '../../../build/src/cli.js');

/** The built `sigill …` as a process; `input` is its standard input. */
export function startBuilt(args: readonly string[], env: NodeJS.ProcessEnv, input = ''): StartedCommand {
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  // A command that reads nothing may end before.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const ended = Promise.all([text(child.stdout), text(child.stderr), exited]).then(([stdout, stderr, code]) => ({
    code,
    stdout,
    stderr,
  }));
  return { child, ended };
}
