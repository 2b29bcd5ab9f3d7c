import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Child {
  readonly process: ChildProcess;
  /** The first line of its standard output, parsed, by which the program reports that it is ready. */
  readonly ready: unknown;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/**
 * Starts one of our own programs (a path relative to this folder, without extension) and waits until it is ready.
 * Its standard input is a pipe from us, so it notices when we have ended.
 */
export async function startChild(program: string, args: readonly string[]): Promise<Child> {
  const file = fileURLToPath(new URL(`${program}.js`, import.meta.url));
  const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  const ready = await firstLine(child, program);
  return {
    process: child,
    ready,
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
    },
  };
}

async function firstLine(child: ChildProcess, program: string): Promise<unknown> {
  if (!child.stdout) throw new Error('the child has no standard output');
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) return JSON.parse(line) as unknown;
  throw new Error(`${program} ended before it was ready`);
}
