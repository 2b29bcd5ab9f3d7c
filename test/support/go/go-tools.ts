import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeUnless } from '../skipping.ts';

const SOURCE = fileURLToPath(new URL('.', import.meta.url));
const go = (...words: readonly string[]): boolean =>
  spawnSync('go', words, { cwd: SOURCE, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;

/** Why there is no Go here that has the modules of the oracle; undefined where there is. */
const noGo: string | undefined = !go('version')
  ? 'go is not on this machine'
  : go('mod', 'download')
    ? undefined
    : 'the Go modules cannot be fetched';

export const describeWithGo = describeUnless(noGo);

/** The folder with `ledger-oracle`, and with the witness `litewitness` and its `witnessctl`. @throws Error if they do not compile */
export function buildGoTools(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sigill-go-'));
  if (!go('build', '-o', `${folder}/`, '.', 'tool')) throw new Error('the Go programs do not compile');
  return folder;
}

/** Questions, and the answer to each. */
export function askGo(tools: string, questions: readonly object[]): readonly string[] {
  const input = questions.map((question) => `${JSON.stringify(question)}\n`).join('');
  const { stdout, status } = spawnSync(join(tools, 'ledger-oracle'), { input, encoding: 'utf8', maxBuffer: 1e8 });
  expect(status).toBe(0);
  return stdout.trim().split('\n');
}

/** A running program and what it has written so far. */
export interface Running {
  readonly child: ChildProcess;
  /** The first match in what it writes. */
  readonly said: (pattern: RegExp) => Promise<RegExpExecArray>;
}

/** Starts a script of the shell in a process group of its own. */
export function startScript(script: string, cwd: string, env: Readonly<Record<string, string>>): Running {
  const child = spawn('sh', ['-eu', '-c', script], {
    cwd,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const said = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(text);
        if (found) resolve(found);
      };
      for (const stream of [child.stdout, child.stderr]) stream.on('data', look);
      child.once('exit', () => reject(new Error(text)));
      look();
    });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { child, said };
}

/** Ends a script and all that it started. */
export async function endScript({ child }: Running): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  process.kill(-child.pid, 'SIGTERM');
  await ended;
}
