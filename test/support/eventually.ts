import { setTimeout as delay } from 'node:timers/promises';

const INTERVAL_MS = 20;
const TIMEOUT_MS = 40_000;

/**
 * Looks until `find` finds something, for what another process or a worker does and no event tells of.
 * @throws Error with what `otherwise` says, when 40 seconds have passed
 */
export async function eventually<T>(
  find: () => Promise<T | undefined>,
  otherwise: () => string = () => 'it did not happen in time',
): Promise<T> {
  const deadline = performance.now() + TIMEOUT_MS;
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(otherwise());
    await delay(INTERVAL_MS);
  }
}
