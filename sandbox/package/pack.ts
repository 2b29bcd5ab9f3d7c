import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** Inside the checkout, so that what is assembled there finds the packages of the checkout. */
const target = join(root, 'build/package');

/** What runs in the checkout alone. */
const LEFT_OUT = [
  'sandbox/develop.js',
  'sandbox/copy-files.js',
  'sandbox/api.js',
  'sandbox/sql.js',
  'sandbox/sql/',
  'sandbox/package/pack.js',
];

interface Manifest {
  readonly version: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

/**
 * Assembles the package `sigill-sandbox` from what has just been built, and packs it.
 * @returns the path of the tarball
 */
export function packSandbox(folder: string): string {
  rmSync(target, { recursive: true, force: true });
  const programs = copyPrograms();
  copyTypes();
  cpSync(join(root, 'sandbox/package/README.md'), join(target, 'README.md'));
  for (const file of ['LICENSE', 'bin/node-version.js', 'bin/sigill-sandbox.js', 'docs/sandbox.md']) {
    cpSync(join(root, file), join(target, file));
  }
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(manifest(programs), null, 2)}\n`);
  mkdirSync(folder, { recursive: true });
  const flags = ['pack', '--silent', '--ignore-scripts', '--pack-destination', resolve(folder)];
  return join(resolve(folder), execFileSync('npm', flags, { cwd: target, encoding: 'utf8' }).trim());
}

/** Everything that the build has made of a source file that is still there. @returns the text of all programs */
function copyPrograms(): readonly string[] {
  const sources = globSync('{src,migrations,simulator,sandbox}/**/*.{ts,css,js,svg,sql}', { cwd: root });
  const built = sources
    .filter((path) => !/\.(?:spec|d)\.ts$/.test(path))
    .map((path) => path.replace(/\.ts$/, '.js'))
    .filter((path) => !LEFT_OUT.some((left) => path.startsWith(left)) && existsSync(join(root, 'build', path)));
  for (const path of built) cpSync(join(root, 'build', path), join(target, 'build', path));
  return built.filter((path) => path.endsWith('.js')).map((path) => readFileSync(join(root, 'build', path), 'utf8'));
}

/** The declarations that the programming interface leads to, and no others. */
function copyTypes(): void {
  const types = join(root, 'build/package-types');
  rmSync(types, { recursive: true, force: true });
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.sandbox.json')], { stdio: 'inherit' });
  const reached = new Set<string>();
  const reach = (path: string): void => {
    if (reached.has(path)) return;
    reached.add(path);
    const text = readFileSync(join(types, path), 'utf8');
    cpSync(join(types, path), join(target, 'build', path));
    for (const [, name = ''] of text.matchAll(/from '(\.[^']+)\.ts'/g)) reach(join(dirname(path), `${name}.d.ts`));
  };
  reach('sandbox/package/sandbox.d.ts');
}

function manifest(programs: readonly string[]): object {
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
  const { version, license, engines, dependencies, optionalDependencies } = own;
  const imported = new Set(programs.flatMap((text) => importedPackages(text)));
  const more = Object.entries(own.devDependencies).filter(([name]) => imported.has(name));
  return {
    name: 'sigill-sandbox',
    version,
    description: 'The sandbox of Sigill: payment consents signed with a pretend BankID, on your own machine',
    license,
    type: 'module',
    engines,
    bin: { 'sigill-sandbox': 'bin/sigill-sandbox.js' },
    exports: {
      '.': { types: './build/sandbox/package/sandbox.d.ts', default: './build/sandbox/package/sandbox.js' },
      './package.json': './package.json',
    },
    dependencies: { ...dependencies, ...Object.fromEntries(more) },
    optionalDependencies,
  };
}

/** The packages that a program names: `import … from 'x'`, `import 'x'`, `import('x')`, `require('x')`. */
function importedPackages(text: string): readonly string[] {
  const named = text.matchAll(/(?:\bfrom |\bimport |\bimport\(|\)\(|\brequire\()'([^.'][^']*)'/g);
  return [...named].map(([, name = '']) => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? '');
}
