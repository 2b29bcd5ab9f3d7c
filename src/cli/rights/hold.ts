import { text } from 'node:stream/consumers';
import type { Hold, HoldWords } from '../../rights/holds.ts';
import { operator } from '../command-context.ts';
import { inHolds, type Printing } from './in-holds.ts';
import { inRequests, printAsked } from './in-requests.ts';

type PlaceOptions = Omit<HoldWords, 'person'> & Printing & { readonly person?: true };

/** What `sigill hold place` does. */
export async function placeHold({ json, person, ...words }: PlaceOptions): Promise<void> {
  const number = person && { person: (await text(process.stdin)).trim() };
  await inHolds(async (holds) => {
    const id = await holds.place({ ...words, ...number }, operator());
    process.stdout.write(json ? `${JSON.stringify({ hold: id })}\n` : `${id}\n`);
  });
}

/** What `sigill hold list` does. */
export async function listHolds({ all, json }: Printing & { readonly all?: true }): Promise<void> {
  await inHolds(async (holds) => {
    const found = (await holds.list()).filter((hold) => all ?? !hold.releasedAt);
    process.stdout.write(json ? `${JSON.stringify(found)}\n` : found.map(describe).join(''));
  });
}

/** What `sigill hold release` does. */
export async function releaseHold(id: string, options: Printing & { readonly case: string }): Promise<void> {
  await inRequests(async (requests) => {
    printAsked({ request: await requests.askForRelease(id, options.case, operator()) }, options);
  });
}

/** `ID  person of exempelbanken  case T-1/26  review 2027-06-30  placed 2026-… by operator:x`. */
function describe(hold: Hold): string {
  const { covers, subject, clientId, from, to, bank, isReviewDue, releasedAt, releasedBy } = hold;
  const period = from && to && `${from.toISOString()} to ${to.toISOString()}`;
  const what = subject ?? [covers, clientId ?? period].filter(Boolean).join(' ');
  const released = releasedAt ? `  released ${releasedAt.toISOString()} by ${releasedBy}` : '';
  const placed = `placed ${hold.placedAt.toISOString()} by ${hold.placedBy}`;
  const where = bank === undefined ? '' : ` at ${bank}`;
  return `${hold.id}  ${what}${where}  case ${hold.caseReference}  review ${hold.reviewOn}${isReviewDue ? ' (due)' : ''}  ${placed}${released}\n`;
}
