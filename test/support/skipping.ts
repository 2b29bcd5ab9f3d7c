import { spawnSync } from 'node:child_process';

/** Whether this machine has a program, called with words that only make it show itself. */
export function isHere(program: string, ...words: readonly string[]): boolean {
  return spawnSync(program, words, { stdio: 'ignore' }).status === 0;
}

/** Why what needs this program is skipped; undefined where it is here. */
export function lackOf(program: string, ...words: readonly string[]): string | undefined {
  return isHere(program, ...words) ? undefined : `${program} is not on this machine`;
}

/** Why a test of a file that may not be read is skipped; undefined where there are such files. */
export const noClosedFiles = process.getuid?.() === 0 ? 'root may read everything' : undefined;

/** `it`, or a skipped one that says why: in its title, and on stderr, where it is seen in a run of many suites too. */
export function itUnless(
  reason: string | undefined,
): (title: string, test: jest.ProvidesCallback, timeout?: number) => void {
  return (title, test, timeout) => {
    if (reason === undefined) it(title, test, timeout);
    else it.skip(withReason(title, reason), test, timeout);
  };
}

/** The same with `describe`. */
export function describeUnless(reason: string | undefined): (title: string, tests: () => void) => void {
  return (title, tests) => {
    if (reason === undefined) describe(title, tests);
    else describe.skip(withReason(title, reason), tests);
  };
}

function withReason(title: string, reason: string): string {
  process.stderr.write(`skipped: ${title} (${reason})\n`);
  return `${title} (skipped: ${reason})`;
}
