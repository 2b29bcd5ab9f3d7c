// Runs jest with the flags that ES modules need.
import './node-version.js';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const jest = `${root}node_modules/jest/bin/jest.js`;
// `--selectProjects` takes every word after it for a project, so it goes last, behind the paths.
const words = process.argv.slice(2);
const at = words.indexOf('--selectProjects');
const projects = at === -1 ? [] : words.splice(at, 2);
const { status } = spawnSync(process.execPath, [...flags, jest, ...words, ...projects], {
  stdio: 'inherit',
  cwd: root,
});
process.exit(status ?? 1);
