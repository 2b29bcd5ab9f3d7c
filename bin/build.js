// Builds the whole checkout (service, simulator, sandbox, benchmarks) into build/.
import './node-version.js';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = `${root}node_modules/typescript/bin/tsc`;
const { status } = spawnSync(process.execPath, [tsc, '-p', `${root}tsconfig.checkout.json`], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
// Node reads the TypeScript of this file itself.
const { copyFiles } = await import('../sandbox/copy-files.ts');
copyFiles();
