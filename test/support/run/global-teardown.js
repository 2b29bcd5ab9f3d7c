import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findLogSecrets } from '../logs/log-secrets.ts';

export default async function tearDown() {
  const { server, folder } = globalThis.sigillTestServer;
  await server.stop();
  const leaks = findLeaks(join(folder, 'logs'));
  rmSync(folder, { recursive: true, force: true });
  // Thrown here, it fails the run.
  if (leaks.length > 0) throw new Error(`The logs of this run hold what no log may hold:\n${leaks.join('\n')}`);
}

/** Over every line that any service of the run has logged, at level trace. */
function findLeaks(logs) {
  return readdirSync(logs).flatMap((name) =>
    readFileSync(join(logs, name), 'utf8')
      .split('\n')
      .flatMap((line) => findLogSecrets(line).map((found) => `${name}: ${found}\n  in ${line.slice(0, 400)}`)),
  );
}
