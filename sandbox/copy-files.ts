import { cpSync, globSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'build');

const MIGRATIONS = 'migrations/*.sql';
/** Style, script and pictures of pages; nest-cli.json lists the same for dist/. */
const PAGE_FILES = '{src,simulator,sandbox}/**/*.{css,js,svg}';

/** Copies files that the compiler does not copy into build/. A migration that was deleted or renamed is removed there too. */
export function copyFiles(): void {
  const files = globSync([MIGRATIONS, PAGE_FILES], { cwd: root });
  for (const file of files) cpSync(join(root, file), join(target, file));
  for (const file of globSync(MIGRATIONS, { cwd: target })) if (!files.includes(file)) rmSync(join(target, file));
}

export function isCopied(file: string): boolean {
  return /\.(?:sql|css|js|svg)$/.test(file);
}
