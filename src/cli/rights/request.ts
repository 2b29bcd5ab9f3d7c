import type { Database } from '../../database/database.ts';
import type { RequestedSubject, StewardRequest } from '../../rights/requests.ts';
import { inService, operator, refuse } from '../command-context.ts';
import type { Printing } from './in-holds.ts';

/** What `sigill request list` does. */
export async function listRequests({ all, json }: Printing & { readonly all?: true }): Promise<void> {
  await withReader(async (database) => {
    const { listRequests: list } = await import('../../rights/requests.ts');
    const found: StewardRequest[] = [];
    for await (const request of list(database))
      if (all ?? (request.state === 'undecided' || request.state === 'waiting')) found.push(request);
    process.stdout.write(json ? `${JSON.stringify(found)}\n` : found.map(describe).join(''));
  });
}

/** What `sigill request show` does. */
export async function showRequest(id: string, { json }: Printing): Promise<void> {
  await withReader(async (database) => {
    const { findRequest } = await import('../../rights/requests.ts');
    const found = await findRequest(database, id);
    if (!found) throw new Error('there is no such request');
    const lines = describe(found) + found.subjects.map(describeSubject).join('');
    process.stdout.write(json ? `${JSON.stringify(found)}\n` : lines);
  });
}

/** What `sigill request approve` does. */
export function approveRequest(id: string): Promise<void> {
  return decide(id, 'approved');
}

/** What `sigill request refuse` does. */
export function refuseRequest(id: string): Promise<void> {
  return decide(id, 'refused');
}

async function decide(id: string, decision: 'approved' | 'refused'): Promise<void> {
  try {
    const { findApproverConfig } = await import('../../config/load-config.ts');
    const config = findApproverConfig();
    if (!config) throw new Error('APPROVER_DATABASE_URL is not set: a person decides with a login of their own');
    const decisions = await import('../../rights/decisions.ts');
    const request = await decisions.withLogin(config.databaseUrl.reveal(), (database) =>
      decisions.decide(database, id, decision, operator()),
    );
    process.stdout.write(describe(request));
  } catch (error) {
    await refuse(error);
  }
}

/** With the login of the person who decides, or else that of the service. */
async function withReader(work: (database: Database) => Promise<void>): Promise<void> {
  try {
    const { findApproverConfig } = await import('../../config/load-config.ts');
    const config = findApproverConfig();
    if (config) {
      const { withLogin } = await import('../../rights/decisions.ts');
      await withLogin(config.databaseUrl.reveal(), work);
      return;
    }
  } catch (error) {
    await refuse(error);
    return;
  }
  await inService(async (context) => {
    const { Database } = await import('../../database/database.ts');
    await work(context.get(Database, { strict: false }));
  });
}

/** `ID  erase 12 consents at exempelbanken  case A-1/26  waiting  asked 2026-… by operator:x  decided 2026-… by operator:y`. */
function describe(request: StewardRequest): string {
  const { id, action, bank, hold, consents, answerSha256, state, caseReference, decidedAt, decidedBy, doneAt } =
    request;
  const what = {
    erase: `erase ${consents} consents`,
    release: `release hold ${hold}`,
    answer: `answer a person (sha256 ${answerSha256})`,
  }[action];
  const at = bank === undefined ? '' : ` at ${bank}`;
  const asked = `asked ${request.requestedAt.toISOString()} by ${request.requestedBy}`;
  const decided = decidedAt ? `  decided ${decidedAt.toISOString()} by ${decidedBy}` : '';
  const done = doneAt ? `  done ${doneAt.toISOString()}` : '';
  return `${id}  ${what}${at}  case ${caseReference}  ${state}  ${asked}${decided}${done}\n`;
}

function describeSubject({ subject, outcome }: RequestedSubject): string {
  return `  ${subject}${outcome === undefined ? '' : `  ${outcome}`}\n`;
}
