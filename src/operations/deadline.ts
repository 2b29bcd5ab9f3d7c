/** The outcome of a call with a deadline: its answer, `late` if there was none in time, or `failed`. */
export type TimedOutcome<T> = { readonly answer: T } | 'late' | 'failed';

/** Calls `work` and waits for at most `ms`; never throws. A late call is not cancelled. */
export async function within<T>(ms: number, work: () => Promise<T>): Promise<TimedOutcome<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), ms);
  });
  try {
    return await Promise.race([work().then((answer) => ({ answer })), late]);
  } catch {
    return 'failed';
  } finally {
    clearTimeout(timer);
  }
}
