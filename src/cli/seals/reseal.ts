import { userInfo } from 'node:os';
import type { ResealSummary } from '../../compliance/reseals.ts';
import { openCommandContext } from '../command-context.ts';

/** `EX_UNAVAILABLE` and `EX_CONFIG` of sysexits.h; 1 where a bundle could not get a seal. */
const exitCodes = { notSealed: 1, unavailable: 69, config: 78 } as const;

interface ResealOptions {
  readonly json?: true;
}

/** What `sigill reseal` does. */
export async function reseal({ json }: ResealOptions): Promise<void> {
  const { ConfigError } = await import('../../config/config.ts');
  try {
    const summary = await run();
    process.stdout.write(json ? `${JSON.stringify(summary)}\n` : describe(summary));
    if (summary.damaged + summary.full > 0) process.exitCode = exitCodes.notSealed;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'not every bundle has its seal; run it again'}\n`);
    process.exitCode = error instanceof ConfigError ? exitCodes.config : exitCodes.unavailable;
  }
}

async function run(): Promise<ResealSummary> {
  const context = await openCommandContext();
  const { Reseals } = await import('../../compliance/reseals.ts');
  try {
    return await context.get(Reseals, { strict: false }).run(`operator:${userInfo().username}`);
  } finally {
    await context.close();
  }
}

function describe({ resealed, current, erased, full, damaged }: ResealSummary): string {
  const lines = [
    `${resealed} bundles got a further seal; ${current} had one by today's certificate, ${erased} were erased.`,
    ...(full > 0 ? [`${full} have as many seals as a bundle can have.`] : []),
    ...(damaged > 0 ? [`${damaged} are not as they were sealed.`] : []),
  ];
  return `${lines.join('\n')}\n`;
}
