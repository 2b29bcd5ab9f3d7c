import DataLoader from 'dataloader';
import { keepInHand } from '../operations/current-request.ts';

const MAX_BATCH_SIZE = 64;

/**
 * Batches the loads of one turn of the event loop into one statement. Answers are not cached: the next turn sends
 * a new statement. The `setImmediate` below is the only place that knows of turns: it runs after all arrived input has been read.
 *
 * With 8 introspections in flight, one statement serves three of them (bench:token, statementsPerIntrospection).
 * @param load returns the answers in the order of the keys; if it throws, all of them fail
 */
export function batched<Key, Answer>(
  load: (keys: readonly Key[]) => Promise<readonly Answer[]>,
): (key: Key) => Promise<Answer> {
  const loader = new DataLoader<Key, Answer>(load, {
    cache: false,
    maxBatchSize: MAX_BATCH_SIZE,
    batchScheduleFn: (send) => setImmediate(send),
  });
  return (key) => keepInHand(loader.load(key));
}
