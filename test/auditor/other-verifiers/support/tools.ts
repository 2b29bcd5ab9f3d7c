import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeUnless, isHere } from '../../../support/skipping.ts';

export type Judgement = 'accept' | 'refuse';

/** Where Debian's python3-cryptography-vectors puts NIST's Public Key Interoperability Test Suite. */
export const PKITS_DATA = '/usr/lib/python3/dist-packages/cryptography_vectors/x509/PKITS_data';

const programs = {
  java: isHere('java', '-version') && isHere('javac', '-version'),
  xmlsec1: isHere('xmlsec1', '--version'),
  openssl: isHere('openssl', 'version'),
  python3: isHere('python3', '--version'),
  unzip: isHere('unzip', '-v'),
  PKITS: existsSync(PKITS_DATA),
};

/** `describe`, or a skipped one that says why. */
export function describeWith(program: keyof typeof programs, title: string, tests: () => void): void {
  describeUnless(programs[program] ? undefined : `${program} is not on this machine`)(title, tests);
}

/** Whether a test that needs no program may use this one besides. */
export const has = (program: keyof typeof programs): boolean => programs[program];

/** A folder for a batch's files, gone after the tests. */
export function workFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sigill-oracles-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface Ended {
  readonly code: number;
  readonly output: string;
}

const ORACLE = fileURLToPath(new URL('../Oracle.java', import.meta.url));

/** The JDK's judgement of each line, all in one process. */
export async function askJava(folder: string, lines: readonly string[]): Promise<Judgement[]> {
  const path = join(folder, 'java.txt');
  writeFileSync(path, `${lines.join('\n')}\n`);
  const { output } = await run('java', '-Xss2m', ORACLE, path);
  return output.trim().split('\n') as Judgement[];
}

export function run(program: string, ...words: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(program, words, { maxBuffer: 64_000_000 }, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
      resolve({ code, output: stdout + stderr });
    });
  });
}

/** Two at a time: as many as the machine has cores. */
export async function inPairs<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index]!, index);
  };
  await Promise.all([worker(), worker()]);
  return results;
}
