import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../migrations', import.meta.url));
const target = fileURLToPath(new URL('../build/migrations', import.meta.url));

/** Puts the migrations, which no compiler copies, into build/. One that is gone or has another name is gone there too. */
export function copyMigrations(): void {
  mkdirSync(target, { recursive: true });
  const files = sqlFilesIn(source);
  for (const file of files) cpSync(join(source, file), join(target, file));
  for (const file of sqlFilesIn(target)) if (!files.includes(file)) rmSync(join(target, file));
}

function sqlFilesIn(folder: string): string[] {
  return readdirSync(folder).filter((file) => file.endsWith('.sql'));
}
