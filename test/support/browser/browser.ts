import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';

const packaged = path.join(path.dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '..', '..');

/**
 * A headless Chromium: the one named by CHROMIUM_PATH, or the one that comes inside an npm package, so that browser
 * tests run on a bare machine. The package's own arguments are left out: they switch web security off, and a test
 * of a Content-Security-Policy or of a SameSite cookie in such a browser proves nothing.
 */
export async function launchBrowser(): Promise<Browser> {
  const configured = process.env['CHROMIUM_PATH'];
  const executablePath = configured ?? unpackChromium();
  return chromium.launch({
    executablePath,
    headless: true,
    args: ['--font-render-hinting=none', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    env: { ...process.env, ...(configured === undefined ? libraryEnvironment(executablePath) : {}) },
  });
}

function unpackChromium(): string {
  const binary = path.join(cacheFolder(), 'chromium');
  if (existsSync(binary)) return binary;
  placeAtomically(binary, (target) => writeFileSync(target, inflate('chromium.br'), { mode: 0o700 }));
  return binary;
}

/** Libraries and fonts that the package brings for machines which have none of their own. */
function libraryEnvironment(binary: string): Record<string, string> {
  const environment: Record<string, string> = {};
  if (!existsSync('/etc/fonts/fonts.conf')) environment['FONTCONFIG_PATH'] = withOwnFonts(unpackTar('fonts'));
  if (spawnSync(binary, ['--version']).status !== 0) {
    const given = process.env['LD_LIBRARY_PATH'];
    environment['LD_LIBRARY_PATH'] = [path.join(unpackTar('al2023'), 'lib'), ...(given ? [given] : [])].join(':');
  }
  return environment;
}

/** The package's fonts.conf names the folder of another machine's unpacking; ours names this one. */
function withOwnFonts(folder: string): string {
  const dirs = `<dir>${path.join(folder, 'fonts')}</dir><cachedir>${path.join(folder, 'cache')}</cachedir>`;
  writeFileSync(path.join(folder, 'fonts.conf'), `<?xml version="1.0"?><fontconfig>${dirs}</fontconfig>`);
  return folder;
}

function unpackTar(name: 'fonts' | 'al2023'): string {
  const folder = path.join(cacheFolder(), `${name}.unpacked`);
  if (existsSync(folder)) return folder;
  placeAtomically(folder, (target) => {
    mkdirSync(target);
    execFileSync('tar', ['-x', '-C', target], { input: inflate(`${name}.tar.br`) });
  });
  return folder;
}

function inflate(file: string): Buffer {
  return brotliDecompressSync(readFileSync(path.join(packaged, 'bin', file)));
}

/** Several test workers may start at once: each unpacks for itself, the last rename stays. */
function placeAtomically(destination: string, make: (target: string) => void): void {
  const workshop = mkdtempSync(path.join(cacheFolder(), 'unpacking-'));
  const target = path.join(workshop, 'made');
  make(target);
  try {
    renameSync(target, destination);
  } catch (error) {
    if (!existsSync(destination)) throw error;
  }
  rmSync(workshop, { recursive: true, force: true });
}

function cacheFolder(): string {
  const { version } = JSON.parse(readFileSync(path.join(packaged, 'package.json'), 'utf8')) as { version: string };
  const user = process.getuid?.() ?? 0;
  const folder = path.join(tmpdir(), `sigill-chromium-${version}-${user}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // A binary is run from here: a folder that another user made first is not ours to trust.
  if (process.getuid && statSync(folder).uid !== user) throw new Error(`${folder} belongs to another user`);
  return folder;
}
