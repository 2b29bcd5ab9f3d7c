import { Session, type Profiler } from 'node:inspector';

export interface Cost {
  readonly steps: number;
  /** What the call threw, if it did. */
  readonly thrown: unknown;
}

/** One for the whole file: V8 puts its counters of blocks into a function once. */
const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/** Counting slows down whatever the worker runs next. */
export function stopCounting(): void {
  session.post('Profiler.stopPreciseCoverage');
  session.disconnect();
}

/** How often each block of our own code ran since the last time. */
function takeCounts(): number {
  let scripts: readonly Profiler.ScriptCoverage[] = [];
  session.post('Profiler.takePreciseCoverage', (_error, { result }) => (scripts = result));
  const ours = scripts.filter(({ url }) => /\/src\/(?:crypto|verification)\//.test(url));
  const counts = ours.flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges.map(({ count }) => count)));
  return counts.reduce((sum, count) => sum + count, 0);
}

/**
 * How many blocks of our own code V8 executes during a call: a number that no clock and no neighbour changes. Calls that
 * the optimiser has inlined are left out, their blocks are not: up to a fifth fewer in a warm function. What a native
 * function does inside (a search, a hash) is not counted; each of those is linear in the octets it is given.
 */
export function countSteps(call: () => unknown): Cost {
  takeCounts();
  let thrown: unknown;
  try {
    call();
  } catch (error) {
    thrown = error;
  }
  return { steps: takeCounts(), thrown };
}
