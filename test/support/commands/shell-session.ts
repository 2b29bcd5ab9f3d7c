import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describeUnless } from '../skipping.ts';

const checkout = join(import.meta.dirname, '../../..');

/** The shell blocks of a document of the checkout, in order. */
export function shellBlocks(document: string): readonly string[] {
  const text = readFileSync(join(checkout, document), 'utf8');
  return [...text.matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block);
}

/** What the documents' commands need. */
const missing = ['curl', 'openssl', 'sed', 'unzip'].filter(
  (tool) => spawnSync(tool, ['--version']).error !== undefined,
);

/** `describe`, where the machine can run the documents' commands. */
export const describeCommands = describeUnless(
  missing.length === 0 ? undefined : `this machine lacks ${missing.join(', ')}`,
);

export interface Sandbox {
  readonly issuer: string;
  readonly folder: string;
}

/** A program in place of npm that is called as `npm run -s proof -- …` or `npm run -s sigill -- …`. */
function npmProof(proof: string, { issuer, folder }: Sandbox): string {
  return `#!/bin/sh
script=$3
shift 4
[ "$script" = sigill ] && exec node "${join(checkout, 'bin/sigill.js')}" "$@"
case $1 in
  assertion | request | key) exec ${proof} "$@" --folder "${folder}" --issuer "${issuer}" ;;
  dpop) exec ${proof} "$@" --folder "${folder}" ;;
  *) exec ${proof} "$@" ;;
esac
`;
}

/**
 * One POSIX shell in the checkout, into which a developer pastes what a document says: variables and functions of one block are there
 * in the next. `npm run -s proof` in it signs for the system under test, with the keys in its folder.
 */
export class ShellSession {
  readonly #shell: ChildProcess;
  readonly #folder: string;
  #printed = '';
  #blocks = 0;
  #more = Promise.withResolvers<undefined>();
  readonly #ended: Promise<string>;

  constructor(sandbox: Sandbox) {
    this.#folder = mkdtempSync(join(tmpdir(), 'sigill-shell-'));
    const npm = join(this.#folder, 'npm');
    const proof = join(checkout, 'bin/proof.js');
    writeFileSync(npm, npmProof(`"${process.execPath}" "${proof}"`, sandbox));
    chmodSync(npm, 0o700);
    const path = `${this.#folder}:${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`;
    this.#shell = spawn('/bin/sh', [], { cwd: checkout, env: { PATH: path }, stdio: ['pipe', 'pipe', 'pipe'] });
    for (const stream of [this.#shell.stdout, this.#shell.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#printed += chunk.toString();
        this.#more.resolve(undefined);
        this.#more = Promise.withResolvers();
      });
    }
    this.#ended = once(this.#shell, 'close').then(() => 'ended');
  }

  /** Runs one block, and returns what it printed. */
  async run(block: string): Promise<string> {
    const from = this.#printed.length;
    const mark = `-- end of block ${++this.#blocks} --`;
    this.#shell.stdin?.write(`${block}\nprintf '%s\\n' '${mark}'\n`);
    while (!this.#printed.includes(mark, from)) {
      if ((await Promise.race([this.#more.promise, this.#ended])) === 'ended') {
        throw new Error(`the shell ended: ${this.#printed.slice(from)}`);
      }
    }
    return this.#printed.slice(from, this.#printed.indexOf(mark, from));
  }

  close(): void {
    this.#shell.stdin?.end('exit\n');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
