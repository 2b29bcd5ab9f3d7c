import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EnvironmentVariables } from '../src/config/config.ts';
import { sandboxesFolder } from './folder.ts';
import { ENVIRONMENT_FILE } from './prepare.ts';
import { findRunning } from './running.ts';

/**
 * The configuration of the service in the sandbox that runs from this checkout; undefined where none does.
 * @throws Error with one sentence where several do
 */
export async function findRunningEnvironment(): Promise<EnvironmentVariables | undefined> {
  const folders = readdirSync(sandboxesFolder()).map((name) => join(sandboxesFolder(), name));
  const found: string[] = [];
  for (const folder of folders) if ((await findRunning(folder))?.shopUrl !== undefined) found.push(folder);
  const [folder, another] = found;
  if (another !== undefined) throw new Error('Several sandboxes of this checkout are running: stop all but one.');
  if (folder === undefined) return undefined;
  return JSON.parse(readFileSync(join(folder, 'service', ENVIRONMENT_FILE), 'utf8')) as EnvironmentVariables;
}
