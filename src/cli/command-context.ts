import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { INestApplicationContext } from '@nestjs/common';
import type { EnvironmentVariables } from '../config/config.ts';

/** What the sandbox offers to commands; it stands above this program and is absent from an installation. */
interface Sandbox {
  findRunningEnvironment(): Promise<EnvironmentVariables | undefined>;
}

/**
 * The service without its listeners and workers, for as long as a command takes: as configured, or, in a checkout where nothing is
 * configured, as the sandbox that runs there is.
 * @throws ConfigError, and Error with one sentence when the database is not this installation's
 */
export async function openCommandContext(): Promise<INestApplicationContext> {
  const { isProcessUnconfigured, loadConfig, loadConfigFrom } = await import('../config/load-config.ts');
  const { parseClients } = await import('../clients/parse-clients.ts');
  const { createContext } = await import('../app.ts');
  const environment = isProcessUnconfigured() ? await findSandboxEnvironment() : undefined;
  const config = environment ? loadConfigFrom(environment, parseClients) : loadConfig(parseClients);
  return createContext({ config });
}

async function findSandboxEnvironment(): Promise<EnvironmentVariables | undefined> {
  const file = new URL('../../sandbox/running-environment.js', import.meta.url);
  if (!existsSync(fileURLToPath(file))) return undefined;
  return ((await import(file.href)) as Sandbox).findRunningEnvironment();
}
