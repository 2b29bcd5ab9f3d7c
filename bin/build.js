// Builds the whole checkout (service, simulator, sandbox, benchmarks) into build/.
import './node-version.js';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = `${root}node_modules/typescript/bin/tsc`;
const READ = ['{src,migrations,simulator,sandbox,bench}/**/*.ts', 'tsconfig*.json', 'package-lock.json'];
/** What the last complete build was made of. The compiler takes three seconds to find out that nothing has changed. */
const record = `${root}build/.sources`;

/** Name, size and time of each file that the compiler reads, as one hash. */
function sourcesNow() {
  const files = globSync(READ, { cwd: root }).sort();
  const facts = files.map((file) => {
    const { size, mtimeMs } = statSync(`${root}${file}`);
    return `${file} ${size} ${mtimeMs}\n`;
  });
  return createHash('sha256').update(facts.join('')).digest('hex');
}

/** Also names the compiler's latest run, so that what `npm run dev` has built meanwhile is not taken for this build. */
function recordOf(sources) {
  const latestRun = statSync(`${root}build/.tsbuildinfo`, { throwIfNoEntry: false });
  return `${sources} ${latestRun?.mtimeMs}`;
}

const sources = sourcesNow();
if (!existsSync(record) || readFileSync(record, 'utf8') !== recordOf(sources)) {
  rmSync(record, { force: true });
  const { status } = spawnSync(process.execPath, [tsc, '-p', `${root}tsconfig.checkout.json`], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(record, recordOf(sources));
}
// Node reads the TypeScript of this file itself.
const { copyFiles } = await import('../sandbox/copy-files.ts');
copyFiles();
