import { createRequire } from 'node:module';
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Source {
  readonly path: string;
  readonly text: string;
  /** Without comments, so that a rule may be spoken of. */
  readonly code: string;
}

export function sources(folder: string, extension = '.ts'): readonly Source[] {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const text = readFileSync(path, 'utf8');
      return { path: relative(root, path), text, code: withoutComments(text) };
    });
}

/** What runs in production: src/ without its specs. */
export function programSources(): readonly Source[] {
  return sources('src').filter(({ path }) => !path.endsWith('.spec.ts'));
}

export function pathsOf(found: readonly Source[]): readonly string[] {
  return found.map(({ path }) => path);
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(?<!:)\/\/.*$/gm, '');
}

/** Whether the walls of dependency-cruiser let a module import another one. */
export function mayImport(module: string, other: string): boolean {
  const { forbidden } = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as {
    readonly forbidden: readonly { readonly name: string; readonly to: { readonly pathNot?: string | string[] } }[];
  };
  const open = forbidden.find(({ name }) => name === `arrows-of-${module}`)?.to.pathNot ?? [];
  return [open].flat().some((path) => new RegExp(path).test(`src/${other}/a.ts`));
}
