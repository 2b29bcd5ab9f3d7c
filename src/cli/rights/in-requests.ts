import type { Requests } from '../../rights/requests.ts';
import { inService } from '../command-context.ts';
import type { Printing } from './in-holds.ts';

/** Does `work` with the requests of the configured service, and says in one sentence what failed. */
export function inRequests(work: (requests: Requests) => Promise<void>): Promise<void> {
  return inService(async (context) => {
    const { Requests } = await import('../../rights/requests.ts');
    await work(context.get(Requests, { strict: false }));
  });
}

/** A request that a second person is to decide. */
export function printAsked(
  asked: { readonly request: string; readonly consents?: number },
  { json }: Pick<Printing, 'json'>,
): void {
  const of = asked.consents === undefined ? '' : ` of ${asked.consents} consents`;
  const words = `Request ${asked.request}${of} waits for the decision of a second person.`;
  process.stdout.write(`${json ? JSON.stringify(asked) : words}\n`);
}
