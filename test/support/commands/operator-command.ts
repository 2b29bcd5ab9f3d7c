import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { prepareService } from '../../../sandbox/prepare.ts';
import type { TestSystem } from '../system/system.ts';

export interface CommandEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const program = join(import.meta.dirname, '../../../build/src/cli.js');

/** Runs the built `sigill …` with the configuration of the system under test; `env` replaces variables, `input` is its standard input. */
export async function runOperatorCommand(
  { folder, database, system }: TestSystem,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input = '',
): Promise<CommandEnd> {
  const prepared = await prepareService({
    folder: join(folder, 'service'),
    port: Number(new URL(system.issuer).port),
    metricsPort: 9464,
    databaseUrl: database.url,
    redirectUris: ['http://localhost:3003/callback'],
    simulator: system.simulator,
  });
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...prepared.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // A command that reads nothing may end before.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}
