import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** One `npm start` of this checkout, as a newcomer types it, and what it prints. */
export class SandboxRun {
  readonly #child: ChildProcess;
  #printed = '';
  readonly #ended: Promise<number | null>;

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#child = spawn(process.execPath, [join(root, 'bin/start.js'), ...args], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.#printed += chunk.toString()));
    }
    this.#ended = once(this.#child, 'close').then(([code]) => code as number | null);
  }

  get printed(): string {
    return this.#printed;
  }

  /** Resolves when `words` stand in what it printed. @throws Error when it ends without them */
  async until(words: string): Promise<void> {
    while (!this.#printed.includes(words)) {
      const more = Promise.race([
        once(this.#child.stdout!, 'data'),
        once(this.#child.stderr!, 'data'),
        this.#ended.then(() => 'ended'),
      ]);
      if ((await more) === 'ended' && !this.#printed.includes(words)) {
        throw new Error(`it ended without saying "${words}": ${this.#printed}`);
      }
    }
  }

  /** Its exit code, once it and all that held its output have ended. */
  ended(): Promise<number | null> {
    return this.#ended;
  }

  /** As Ctrl-C does. */
  async interrupt(): Promise<number | null> {
    this.#child.kill('SIGINT');
    return this.#ended;
  }
}

/** Processes of this machine whose command line holds `words`. */
export function processesNaming(words: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => commandLine(pid).includes(words))
    .map(Number);
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
