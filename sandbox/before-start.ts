import { isNothingConfigured } from '../src/config/environment-rule.ts';
import { sandboxFolder } from './folder.ts';
import { isFree } from './free-port.ts';
import { AlreadyRunning, findRunning } from './running.ts';
import { parseStartOptions, sandboxPorts } from './start-options.ts';

/**
 * Checks whether the sandbox can start, before anything is built or changed. A configured service checks for itself.
 * @throws Error with one sentence for a sandbox that is already running, a port that is taken, or an unknown option
 */
export async function checkBeforeStart(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  if (!isNothingConfigured(env)) return;
  const { port: base, tlsHost, isTemporary } = parseStartOptions(args);
  const running = isTemporary ? undefined : await findRunning(sandboxFolder(base));
  if (running) throw new AlreadyRunning(running);
  const { mtls, approval, ...plain } = sandboxPorts(base);
  for (const port of [...Object.values(plain), ...(tlsHost === undefined ? [] : [mtls, approval])]) {
    if (await isFree(port)) continue;
    throw new Error(`Port ${port} is taken by another program; try --port ${base + 1000}`);
  }
}
