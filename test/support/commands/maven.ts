import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lackOf } from '../skipping.ts';

/** Why judges in Java are skipped; undefined where they run, if Maven reaches their artefacts or has them already. */
export const noMaven = lackOf('java', '-version') ?? lackOf('mvn', '-version');

/** From the machine's own repository if it has all of them, otherwise from Maven's. @returns undefined where it finds no artefacts */
export function findClassPath(pom: string): string | undefined {
  const work = mkdtempSync(join(tmpdir(), 'sigill-class-path-'));
  try {
    const out = join(work, 'class-path');
    const words = ['-B', '-q', '-f', pom, 'dependency:build-classpath', `-Dmdep.outputFile=${out}`];
    const found = [['-o', ...words], words].some((all) => spawnSync('mvn', all, { stdio: 'ignore' }).status === 0);
    return found ? readFileSync(out, 'utf8').trim() : undefined;
  } finally {
    rmSync(work, { recursive: true });
  }
}
