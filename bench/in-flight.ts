/** Does the work on each item, on `count` of them at a time. */
export async function inFlight<T, R>(
  count: number,
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const rest = items.values();
  const results: R[] = [];
  const worker = async (): Promise<void> => {
    for (const item of rest) results.push(await work(item));
  };
  await Promise.all(Array.from({ length: count }, worker));
  return results;
}
