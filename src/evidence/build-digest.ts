import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the built program is: `dist`, or in a checkout the folder of its sources. */
const root = fileURLToPath(new URL('../../', import.meta.url));

/** Not run: source maps and type declarations. */
const notRun = /\.(map|d\.ts)$/;

let digest: string | undefined;

/**
 * Which program this is: SHA-256, in hexadecimal, over what `sha256sum` prints of all its files in the order of their names. The
 * same sources, compiled by the same compiler, give the same digest, so anyone can compare it; `docs/operator.md` says how. Read once
 * for each process, in about 50 ms.
 */
export function buildDigest(): string {
  return (digest ??= digestOf(root));
}

/** @param folder holds `src` and `migrations` */
export function digestOf(folder: string): string {
  const files = ['migrations', 'src'].flatMap((name) => filesIn(join(folder, name)));
  const sums = files
    .map((file) => ({ file, name: relative(folder, file).split(sep).join('/') }))
    .filter(({ name }) => !notRun.test(name))
    .sort((one, other) => Buffer.compare(Buffer.from(one.name), Buffer.from(other.name)))
    .map(({ file, name }) => `${hash('sha256', readFileSync(file), 'hex')}  ${name}\n`);
  return hash('sha256', sums.join(''), 'hex');
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
