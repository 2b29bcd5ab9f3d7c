import { operator } from '../command-context.ts';
import type { Printing } from './in-holds.ts';
import { inRequests, printAsked } from './in-requests.ts';

interface EraseOptions extends Printing {
  readonly bank: string;
  readonly case: string;
  readonly consent?: readonly string[];
}

/** What `sigill erase request` does. */
export async function askForErasure(options: EraseOptions): Promise<void> {
  await inRequests(async (requests) => {
    printAsked(await requests.askForErasure(options, operator()), options);
  });
}
