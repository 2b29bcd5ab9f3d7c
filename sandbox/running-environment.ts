import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EnvironmentVariables } from '../src/config/config.ts';
import { sandboxesFolder } from './folder.ts';
import { ENVIRONMENT_FILE } from './prepare.ts';
import { findRunning } from './running.ts';

export interface RunningSandbox {
  /** Its keys and data. */
  readonly folder: string;
  /** The configuration of its service. */
  readonly environment: EnvironmentVariables;
}

/** The configuration of the service in the sandbox that runs from this checkout; undefined where none does. */
export async function findRunningEnvironment(): Promise<EnvironmentVariables | undefined> {
  return (await findRunningSandbox())?.environment;
}

/**
 * The sandbox that runs from this checkout, if one does.
 * @throws Error with one sentence where several do
 */
export async function findRunningSandbox(): Promise<RunningSandbox | undefined> {
  const folders = readdirSync(sandboxesFolder()).map((name) => join(sandboxesFolder(), name));
  const found: string[] = [];
  for (const folder of folders) if ((await findRunning(folder))?.shopUrl !== undefined) found.push(folder);
  const [folder, another] = found;
  if (another !== undefined) throw new Error('Several sandboxes of this checkout are running: stop all but one.');
  if (folder === undefined) return undefined;
  const file = join(folder, 'service', ENVIRONMENT_FILE);
  return { folder, environment: JSON.parse(readFileSync(file, 'utf8')) as EnvironmentVariables };
}
