// Runs jest with the flags that ES modules need, and fails where a test has left something open.
import './node-version.js';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const jest = `${root}node_modules/jest/bin/jest.js`;
// `--selectProjects` takes every word after it for a project, so it goes last, after the paths.
const args = process.argv.slice(2);
const at = args.indexOf('--selectProjects');
const projects = at === -1 ? [] : args.splice(at, 2);

/** How jest warns that a worker, or jest itself, does not end after the tests. */
const WORKER_STAYED = 'A worker process has failed to exit gracefully';
const JEST_STAYED = 'Jest did not exit one second after';

const run = spawn(process.execPath, [...flags, jest, ...args, ...projects], {
  stdio: ['inherit', 'inherit', 'pipe'],
  cwd: root,
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => run.kill(signal));
let stayed = false;
let end = '';
run.stderr.on('data', (chunk) => {
  process.stderr.write(chunk);
  const text = end + chunk.toString('latin1');
  end = text.slice(-WORKER_STAYED.length);
  stayed ||= text.includes(WORKER_STAYED);
  if (!text.includes(JEST_STAYED)) return;
  stayed = true;
  run.kill();
});
run.on('close', (status) => {
  if (stayed)
    process.stderr.write('\nA test has left something open, so the run fails; --detectOpenHandles says where.\n');
  process.exit(stayed ? 1 : (status ?? 1));
});
