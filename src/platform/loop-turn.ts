let end: Promise<void> | undefined;

/**
 * Resolves when this turn of the event loop has taken in all that has arrived. Whoever is about to compute waits for it with
 * the others that came in the same turn, and then they compute one after the other: the second finds the processor's caches
 * warm with the same code, and what they ask of the database is asked together.
 */
export function endOfTurn(): Promise<void> {
  return (end ??= new Promise((resolve) => {
    setImmediate(() => {
      end = undefined;
      resolve();
    });
  }));
}
