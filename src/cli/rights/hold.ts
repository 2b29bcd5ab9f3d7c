import { text } from 'node:stream/consumers';
import type { Hold, HoldWords } from '../../compliance/holds.ts';
import { operator, refuse } from '../command-context.ts';
import { inHolds, type Printing } from './in-holds.ts';

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
export async function releaseHold(id: string, options: { readonly case: string }): Promise<void> {
  const { loadMigrationConfig } = await import('../../config/load-config.ts');
  const { releaseAsOwner } = await import('../../compliance/holds.ts');
  try {
    const { databaseUrl } = loadMigrationConfig();
    const isReleased = await releaseAsOwner(databaseUrl.reveal(), id, options.case, operator());
    if (isReleased) process.stdout.write(`Released ${id}.\n`);
    else await refuse(new Error('there is no such hold, or it was released before'));
  } catch (error) {
    await refuse(error);
  }
}

/** `ID  person of exempelbanken  case T-1/26  review 2027-06-30  placed 2026-… by operator:x`. */
function describe(hold: Hold): string {
  const { covers, subject, clientId, from, to, bank, releasedAt, releasedBy } = hold;
  const period = from && to && `${from.toISOString()} to ${to.toISOString()}`;
  const what = subject ?? [covers, clientId ?? period].filter(Boolean).join(' ');
  const released = releasedAt ? `  released ${releasedAt.toISOString()} by ${releasedBy}` : '';
  const placed = `placed ${hold.placedAt.toISOString()} by ${hold.placedBy}`;
  const where = bank === undefined ? '' : ` at ${bank}`;
  return `${hold.id}  ${what}${where}  case ${hold.caseReference}  review ${hold.reviewOn}  ${placed}${released}\n`;
}
