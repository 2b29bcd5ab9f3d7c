import { setTimeout as delay } from 'node:timers/promises';
import type { Dispatcher } from 'undici';

/** Sends again, when it says, what the service turned away under load: nothing was done for it. */
export async function untilAdmitted(send: () => Promise<Dispatcher.ResponseData>): Promise<Dispatcher.ResponseData> {
  const answer = await send();
  const { 'retry-after': seconds } = answer.headers;
  if (answer.statusCode !== 503 || seconds === undefined) return answer;
  await answer.body.dump();
  await delay(Number(seconds) * 1000);
  return untilAdmitted(send);
}
