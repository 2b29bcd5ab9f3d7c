import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findClassPath } from '../commands/maven.ts';

const folder = import.meta.dirname;

/**
 * What EU DSS says of each bundle by its default policy, in one process: `TOTAL_PASSED null CAdES-BASELINE-LT PASSED`, for example.
 * @param roots PEM
 * @returns undefined where Maven finds no artefacts
 */
export function judgeByDss(
  bundles: Readonly<Record<string, Buffer>>,
  roots: readonly string[],
): Readonly<Record<string, string>> | undefined {
  const work = mkdtempSync(join(tmpdir(), 'sigill-dss-'));
  try {
    const classPath = findClassPath(join(folder, 'pom.xml'));
    if (classPath === undefined) return undefined;
    const write = (name: string, bytes: Buffer | string): string => {
      writeFileSync(join(work, name), bytes);
      return join(work, name);
    };
    const rootFiles = roots.map((pem, n) => write(`root-${n}.pem`, pem));
    const files = Object.entries(bundles).map(([name, bytes]) => write(`${name}.asice`, bytes));
    const words = ['-cp', classPath, join(folder, 'Judge.java'), ...rootFiles, '--', ...files];
    const { stdout, stderr, status } = spawnSync('java', words, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`the judge failed: ${stderr}`);
    const lines = stdout.trim().split('\n');
    return Object.fromEntries(lines.map((line): string[] => line.split('.asice '))) as Record<string, string>;
  } finally {
    rmSync(work, { recursive: true });
  }
}
