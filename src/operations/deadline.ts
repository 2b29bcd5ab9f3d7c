/** What came of a question: its answer, `late` when there was none in time, or `failed`. */
export type Asked<T> = { readonly answer: T } | 'late' | 'failed';

/** Asks, and waits no longer than `ms`; never throws. A late question is not cancelled. */
export async function within<T>(ms: number, ask: () => Promise<T>): Promise<Asked<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), ms);
  });
  try {
    return await Promise.race([ask().then((answer) => ({ answer })), late]);
  } catch {
    return 'failed';
  } finally {
    clearTimeout(timer);
  }
}
