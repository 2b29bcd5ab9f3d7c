import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { INestApplicationContext } from '@nestjs/common';
import type { AppConfig, EnvironmentVariables } from '../config/config.ts';

/** The sandbox's interface for commands. The sandbox is not part of an installation. */
interface Sandbox {
  findRunningEnvironment(): Promise<EnvironmentVariables | undefined>;
}

/**
 * The service without listeners and workers, for the duration of a command: as configured or, in a checkout without
 * configuration, as the sandbox that runs there.
 * @throws ConfigError, and Error with one sentence if the database is not this installation's
 */
export async function openCommandContext(): Promise<INestApplicationContext> {
  const { createContext } = await import('../app.ts');
  return createContext({ config: await loadCommandConfig() });
}

/** The same with nothing but what an export needs. */
export async function openExportContext(): Promise<INestApplicationContext> {
  const { createExportContext } = await import('../export-context.ts');
  return createExportContext(await loadCommandConfig());
}

async function loadCommandConfig(): Promise<AppConfig> {
  const { isProcessUnconfigured, loadConfig, loadConfigFrom } = await import('../config/load-config.ts');
  const { parseClients } = await import('../clients/parse-clients.ts');
  const environment = isProcessUnconfigured() ? await findSandboxEnvironment() : undefined;
  return environment ? loadConfigFrom(environment, parseClients) : loadConfig(parseClients);
}

async function findSandboxEnvironment(): Promise<EnvironmentVariables | undefined> {
  const file = new URL('../../sandbox/running-environment.js', import.meta.url);
  if (!existsSync(fileURLToPath(file))) return undefined;
  return ((await import(file.href)) as Sandbox).findRunningEnvironment();
}
