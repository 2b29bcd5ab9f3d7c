/** How many compute in one turn; between two turns the event loop notices new requests and callers who hung up. */
const MAX_A_TURN = 8;

let waiting: (() => void)[] = [];

/**
 * Resolves when this turn of the event loop has taken in all that has arrived. Those who are about to compute wait for it with
 * the others that came in the same turn, and then they compute one after the other: the second finds the processor's caches
 * warm with the same code, and what they ask of the database is asked together.
 */
export function endOfTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (waiting.length === 0) setImmediate(letCompute);
    waiting.push(resolve);
  });
}

function letCompute(): void {
  const now = waiting.slice(0, MAX_A_TURN);
  waiting = waiting.slice(MAX_A_TURN);
  if (waiting.length > 0) setImmediate(letCompute);
  for (const resolve of now) resolve();
}
