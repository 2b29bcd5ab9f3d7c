export interface Step {
  readonly verifications: number;
  readonly rssMb: number;
  readonly heapMb: number;
}

const STEPS = 20;

/** Does `work` `times` times. The process's memory after each twentieth is printed to stderr and returned. */
export function watchMemory(times: number, work: () => void): readonly Step[] {
  return Array.from({ length: STEPS }, (_, index) => {
    for (let done = 0; done < times / STEPS; done++) work();
    const { rss, heapUsed } = process.memoryUsage();
    const step = {
      verifications: Math.round((times / STEPS) * (index + 1)),
      rssMb: Math.round(rss / 1e6),
      heapMb: Math.round(heapUsed / 1e6),
    };
    process.stderr.write(`${JSON.stringify(step)}\n`);
    return step;
  });
}
