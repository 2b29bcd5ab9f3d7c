// What `node bin/sandbox-package.js` makes, outside the checkout: installed in an empty folder, the test of docs/examples starts the
// sandbox, has a payer sign in the pretend app, and gets its token. Without a package registry, what is packed runs with the packages
// of the checkout.
const assert = require('node:assert/strict');
const { execFileSync, spawnSync } = require('node:child_process');
const { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { delimiter, join } = require('node:path');

const root = join(__dirname, '..');
const work = mkdtempSync(join(tmpdir(), 'sigill-sandbox-package-'));
const run = (program, args, options = {}) =>
  execFileSync(program, args, { cwd: work, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], ...options });

/** Whether npm could install the tarball; else the folder that was packed takes its place, which finds the checkout's packages. */
function install(tarball) {
  const flags = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
  const { status } = spawnSync('npm', ['install', ...flags, tarball], { cwd: work, stdio: 'ignore', timeout: 300_000 });
  if (status === 0) return true;
  const packages = join(work, 'node_modules');
  rmSync(packages, { recursive: true, force: true });
  mkdirSync(packages);
  symlinkSync(join(root, 'build/package'), join(packages, 'sigill-sandbox'));
  return false;
}

const consumer = `
import { startSandbox, type Sandbox, type Tpp } from 'sigill-sandbox';

export async function pay(): Promise<string> {
  const sandbox: Sandbox = await startSandbox({ redirectUris: ['http://localhost:9000/back'] });
  const tpp: Tpp = sandbox.tpp;
  const pushed = await tpp.push({ type: 'payment_initiation' }, { personalNumber: '199001012385' });
  await sandbox.app.setNextScenario('high-risk');
  // @ts-expect-error there is no such scenario
  await sandbox.app.setNextScenario('no-risk');
  const { accessToken } = await tpp.redeem(await sandbox.approve(pushed.authorizationUrl, { risk: 'low' }), pushed);
  return accessToken;
}
`;

/** The declarations hold in a strict program. */
function checkTypes() {
  const types = join(work, 'node_modules/@types');
  mkdirSync(types, { recursive: true });
  rmSync(join(types, 'node'), { recursive: true, force: true });
  symlinkSync(join(root, 'node_modules/@types/node'), join(types, 'node'));
  writeFileSync(join(work, 'consumer.ts'), consumer);
  const strict = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--noEmit'];
  const options = ['--target', 'es2023', '--module', 'nodenext', '--types', 'node', ...strict];
  run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...options, 'consumer.ts']);
}

function main() {
  const tarball = run(process.execPath, [join(root, 'bin/sandbox-package.js'), work], { cwd: root })
    .trim()
    .split('\n')
    .at(-1);
  writeFileSync(join(work, 'package.json'), '{"type":"module","scripts":{"test":"node --test"}}');
  const isInstalled = install(tarball);
  if (!isInstalled) console.error('skipped: the installation, because npm cannot reach its registry');
  copyFileSync(join(root, 'docs/examples/sandbox.test.mjs'), join(work, 'sandbox.test.mjs'));
  const started = Date.now();
  // An installation brings its own Node, which npm finds; without one it is that of this checkout.
  const path = isInstalled ? process.env.PATH : [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  const printed = run('npm', ['test', '--silent'], { env: { ...process.env, PATH: path } });
  assert.match(printed, /(?:# |ℹ )pass 1\b/);
  const seconds = (Date.now() - started) / 1000;
  checkTypes();
  console.error(`sandbox package: started, paid and stopped in ${seconds.toFixed(1)} s; compiled strictly`);
}

try {
  main();
} finally {
  rmSync(work, { recursive: true, force: true });
}
