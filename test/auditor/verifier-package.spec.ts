import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as entry from '../../src/verification.ts';
import { folderOf, writeFolder } from '../support/evidence/evidence-export.ts';
import { Sealing } from '../support/seals/sealing.ts';
import { makeVector } from '../support/vectors/vector.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'sigill-package-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const vector = makeVector();
const rootPem = join(work, 'root.pem');
writeFileSync(rootPem, vector.rootPem);

/** As built by `npm test` before the tests: what another program imports is JavaScript. */
function node(...args: readonly string[]): { readonly status: number | null; readonly stdout: string } {
  return spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
}

describe('the verifier as a package', () => {
  it('verifies a folder in the example of the docs', async () => {
    const folder = await writeFolder(join(work, 'folder'), folderOf(vector));
    const good = node('docs/examples/verify.mjs', folder, rootPem);
    expect(JSON.parse(good.stdout)).toMatchObject({ indication: 'TOTAL-PASSED', matches: 'yes' });
    expect(good.status).toBe(0);
    writeFileSync(join(folder, 'visible-text.txt'), 'Betala 1 kr');
    expect(node('docs/examples/verify.mjs', folder, rootPem).status).toBe(1);
  });

  it('verifies a sealed bundle in the example of the docs, and refuses one that was sealed by a stranger', async () => {
    const [sealing, stranger] = [await Sealing.open(new Date()), await Sealing.open(new Date())];
    const members = new Map(folderOf(vector));
    const [bundle, issuer, other] = ['a.asice', 'issuer.pem', 'other.pem'].map((name) => join(work, name));
    writeFileSync(bundle!, await sealing.bundle(members));
    writeFileSync(issuer!, sealing.services.rootPem);
    writeFileSync(other!, stranger.services.rootPem);
    const good = node('docs/examples/verify-bundle.mjs', bundle!, rootPem, issuer!);
    expect(JSON.parse(good.stdout)).toMatchObject({ indication: 'TOTAL-PASSED', seal: { state: 'sound' } });
    expect(good.status).toBe(0);
    expect(node('docs/examples/verify-bundle.mjs', bundle!, rootPem, other!).status).toBe(1);
  });

  it('gives all that its types promise', () => {
    const script = "console.log(JSON.stringify(Object.keys(await import('sigill/verification'))))";
    const { stdout } = node('--input-type=module', '-e', script);
    expect((JSON.parse(stdout) as string[]).sort()).toEqual(Object.keys(entry).sort());
  });

  it('loads nothing that could serve, store or connect', () => {
    const script =
      "import { registerHooks } from 'node:module';" +
      'const seen = [];' +
      'registerHooks({ resolve(name, context, next) { seen.push(name); return next(name, context); } });' +
      "await import('sigill/verification');" +
      'console.log(JSON.stringify(seen));';
    const { stdout } = node('--input-type=module', '-e', script);
    const loaded = JSON.parse(stdout) as string[];
    expect(loaded.some((name) => name.endsWith('/verify-signature.js'))).toBe(true);
    const packages = loaded.filter(
      (name) => !name.startsWith('.') && !name.startsWith('node:') && name !== 'sigill/verification',
    );
    expect(packages.filter((name) => /nest|typeorm|pg|undici|express|pino/.test(name))).toEqual([]);
    expect(loaded.filter((name) => /^node:(?:http|https|net|tls|fs|child_process|dgram)/.test(name))).toEqual([
      'node:fs',
    ]);
  });
});
