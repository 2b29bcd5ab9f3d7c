import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const checkout = join(import.meta.dirname, '../../..');

export interface SandboxCommand {
  /** `bin/start.js`, that is `npm start`, unless told. */
  readonly program?: string;
  /** This checkout unless told. */
  readonly root?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** One `npm start` of a checkout, as a newcomer types it, and what it prints. */
export class SandboxRun {
  readonly #child: ChildProcess;
  #printed = '';
  #more = Promise.withResolvers<undefined>();
  readonly #ended: Promise<number | null>;

  constructor(args: readonly string[], { program = 'bin/start.js', root = checkout, env = {} }: SandboxCommand = {}) {
    this.#child = spawn(process.execPath, [join(root, program), ...args], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#printed += chunk.toString();
        this.#more.resolve(undefined);
        this.#more = Promise.withResolvers();
      });
    }
    this.#ended = once(this.#child, 'close').then(([code]) => code as number | null);
  }

  get printed(): string {
    return this.#printed;
  }

  /**
   * Resolves when `words` stand in what it printed, after the first `from` characters.
   * @throws Error when it ends without them
   */
  async until(words: string, from = 0): Promise<void> {
    while (!this.#printed.includes(words, from)) {
      const more = Promise.race([this.#more.promise, this.#ended.then(() => 'ended')]);
      if ((await more) === 'ended' && !this.#printed.includes(words, from)) {
        throw new Error(`it ended without saying "${words}": ${this.#printed}`);
      }
    }
  }

  /** Its exit code, once it and all that held its output have ended. */
  ended(): Promise<number | null> {
    return this.#ended;
  }

  /** As Ctrl-C does. */
  interrupt(): Promise<number | null> {
    return this.end('SIGINT');
  }

  end(signal: NodeJS.Signals): Promise<number | null> {
    this.#child.kill(signal);
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
