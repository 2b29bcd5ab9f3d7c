import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { INestApplicationContext } from '@nestjs/common';
import type { AppConfig, EnvironmentVariables } from '../config/config.ts';

/** Exit codes of sysexits.h. */
const exitCodes = { usage: 64, unavailable: 69, config: 78 } as const;

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

/**
 * Does the work of a command in the service, and says in one sentence what failed.
 * @param otherwise what is said of a failure that says nothing itself
 */
export async function inService(
  work: (context: INestApplicationContext) => Promise<void>,
  otherwise?: string,
): Promise<void> {
  try {
    const context = await openCommandContext();
    try {
      await work(context);
    } finally {
      await context.close();
    }
  } catch (error) {
    await refuse(error, otherwise);
  }
}

/** Says why not everything was done, and sets the exit code. */
export async function refuse(error: unknown, otherwise = 'nothing was done'): Promise<void> {
  const { ConfigError } = await import('../config/config.ts');
  const { ExportRequestError } = await import('../compliance/export-request.ts');
  process.stderr.write(`${error instanceof Error ? error.message : otherwise}\n`);
  if (error instanceof ExportRequestError) process.exitCode = exitCodes.usage;
  else process.exitCode = error instanceof ConfigError ? exitCodes.config : exitCodes.unavailable;
}

/** Who does what a command does, as the audit trail names them. */
export function operator(): string {
  return `operator:${userInfo().username}`;
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
