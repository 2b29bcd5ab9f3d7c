import { percentile } from '../percentile.ts';

export interface Compared {
  /** Per second, over all slices. */
  readonly first: number;
  readonly second: number;
  /** Of the pairs of neighbouring slices: first / second. */
  readonly ratio: { readonly min: number; readonly median: number; readonly max: number };
}

/**
 * Does `work` for about `ms` milliseconds.
 * @returns how often per second of processor time, that of V8's collector and compiler threads included: on a shared machine the wall
 *   clock would measure the others
 */
export function measure(ms: number, work: () => void): number {
  const begun = performance.now();
  const before = process.cpuUsage();
  let done = 0;
  while (performance.now() - begun < ms) {
    work();
    done++;
  }
  const { user, system } = process.cpuUsage(before);
  return (done / (user + system)) * 1e6;
}

/** Two kinds of work in alternating slices: what else goes on slows both, so the ratio of neighbours holds. */
export function compare(pairs: number, ms: number, first: () => void, second: () => void): Compared {
  const slices = Array.from({ length: pairs }, () => [measure(ms, first), measure(ms, second)] as const);
  const ratios = slices.map(([one, other]) => one / other);
  return {
    first: mean(slices.map(([one]) => one)),
    second: mean(slices.map(([, other]) => other)),
    ratio: { min: Math.min(...ratios), median: percentile(ratios, 0.5), max: Math.max(...ratios) },
  };
}

/** Of rates over equal times. */
function mean(rates: readonly number[]): number {
  return rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
}

/** The elements of a list, round and round. */
export function around<T>(list: readonly T[]): () => T {
  let next = 0;
  return () => {
    const element = list[next++ % list.length];
    if (element === undefined) throw new Error('an empty list');
    return element;
  };
}
