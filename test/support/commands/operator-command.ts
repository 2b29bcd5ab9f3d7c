import { join } from 'node:path';
import { prepareService } from '../../../sandbox/prepare.ts';
import type { TestSystem } from '../system/system.ts';
import { startBuilt, type CommandEnd } from './built-command.ts';

/** Runs the built `sigill …` with the configuration of the system under test; `env` replaces variables, `input` is its standard input. */
export async function runOperatorCommand(
  system: TestSystem,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input = '',
): Promise<CommandEnd> {
  return startBuilt(args, { ...(await operatorVariables(system)), ...env }, input).ended;
}

/** The configuration of the system under test, as an operator's commands find it. */
export async function operatorVariables({
  folder,
  database,
  system,
}: TestSystem): Promise<Readonly<Record<string, string>>> {
  const { env } = await prepareService({
    folder: join(folder, 'service'),
    port: Number(new URL(system.issuer).port),
    metricsPort: 9464,
    databaseUrl: database.url,
    redirectUris: ['http://localhost:3003/callback'],
    simulator: system.simulator,
  });
  return env;
}
