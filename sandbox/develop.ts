import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { watch, type FSWatcher } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { runUntilSignal } from '../src/operations/run-until-signal.ts';
import { copyFiles, isCopied } from './copy-files.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** An editor may write a file in several steps; TypeScript's watcher waits as long. */
const QUIET_MS = 250;

/** `npm run dev`: rebuilds and restarts the sandbox at each change of a source file that compiles, a migration or a page's file. */
export function develop(args: readonly string[]): void {
  const sandbox = new RestartedSandbox(args);
  const restart = (): void => {
    copyFiles();
    sandbox.restart();
  };
  // When this returns, the first build is done and its sandbox not yet started, so Ctrl-C needs no handling before.
  const compiler = watchSources(restart);
  let quiet: NodeJS.Timeout | undefined;
  const files = watchFiles(() => {
    clearTimeout(quiet);
    quiet = setTimeout(restart, QUIET_MS);
  });
  runUntilSignal(async () => {
    compiler.close();
    for (const watcher of files) watcher.close();
    clearTimeout(quiet);
    await sandbox.stop();
  });
}

/** Builds changes into build/ and then calls `onBuilt`. If something does not compile, build/ stays as it was. */
function watchSources(onBuilt: () => void): { close(): void } {
  const format: ts.FormatDiagnosticsHost = {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => root,
    getNewLine: () => '\n',
  };
  const formatFaults = process.stdout.isTTY ? ts.formatDiagnosticsWithColorAndContext : ts.formatDiagnostics;
  const host = ts.createWatchCompilerHost(
    `${root}tsconfig.checkout.json`,
    undefined,
    ts.sys,
    ts.createEmitAndSemanticDiagnosticsBuilderProgram,
    (fault) => say(formatFaults([fault], format)),
    (_status, _newLine, _options, faults) => {
      if (faults === undefined) say('Building …');
      else if (faults === 0) onBuilt();
      else say('This does not compile: nothing is restarted; waiting for the next change.');
    },
  );
  return ts.createWatchProgram(host);
}

/** Calls `onChange` for each change of a file that is copied without compilation. */
function watchFiles(onChange: () => void): readonly FSWatcher[] {
  return ['migrations', 'src', 'simulator', 'sandbox'].map((folder) =>
    watch(`${root}${folder}`, { recursive: true }, (_event, file) => {
      if (file !== null && isCopied(file)) onChange();
    }),
  );
}

/** The sandbox as a process of its own. Two starts never overlap, so the next one finds the ports free and the data whole. */
class RestartedSandbox {
  #args: readonly string[];
  #child: ChildProcess | undefined;
  #turn: Promise<void> = Promise.resolve();
  #isDue = false;
  #isOver = false;

  constructor(args: readonly string[]) {
    this.#args = args;
  }

  restart(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#turn = this.#turn.then(async () => {
      await this.#end();
      this.#isDue = false;
      if (!this.#isOver) this.#start();
    });
  }

  stop(): Promise<void> {
    this.#isOver = true;
    this.#turn = this.#turn.then(() => this.#end());
    return this.#turn;
  }

  #start(): void {
    // The terminal's Ctrl-C does not reach it directly; it is forwarded once. It ends by itself when the channel to us closes.
    const child = spawn(process.execPath, [`${root}build/sandbox/start.js`, ...this.#args], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      detached: true,
    });
    // `--fresh` applies only to the first start: a restart keeps the data.
    this.#args = this.#args.filter((arg) => arg !== '--fresh');
    child.once('exit', () => {
      if (this.#child !== child) return;
      this.#child = undefined;
      say('The sandbox has ended; waiting for the next change.');
    });
    this.#child = child;
  }

  async #end(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child) return;
    const exited = once(child, 'exit');
    child.kill('SIGINT');
    await exited;
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
