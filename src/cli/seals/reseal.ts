import type { ResealSummary } from '../../compliance/reseals.ts';
import { inService, operator } from '../command-context.ts';

/** The exit code where a bundle could not get a seal. */
const NOT_SEALED = 1;

interface ResealOptions {
  readonly json?: true;
}

/** What `sigill reseal` does. */
export async function reseal({ json }: ResealOptions): Promise<void> {
  await inService(async (context) => {
    const { Reseals } = await import('../../compliance/reseals.ts');
    const summary = await context.get(Reseals, { strict: false }).run(operator());
    process.stdout.write(json ? `${JSON.stringify(summary)}\n` : describe(summary));
    if (summary.damaged + summary.full > 0) process.exitCode = NOT_SEALED;
  }, 'not every bundle has its seal; run it again');
}

function describe({ resealed, current, erased, full, damaged }: ResealSummary): string {
  const lines = [
    `${resealed} bundles got a further seal; ${current} had one by today's certificate, ${erased} were erased.`,
    ...(full > 0 ? [`${full} have as many seals as a bundle can have.`] : []),
    ...(damaged > 0 ? [`${damaged} are not as they were sealed.`] : []),
  ];
  return `${lines.join('\n')}\n`;
}
