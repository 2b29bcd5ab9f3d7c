import { Database } from '../database/database.ts';
import { openPool } from '../database/open-database.ts';
import { ExportRequestError } from '../compliance/export-request.ts';
import { insertDecision } from './requests/request.repository.ts';
import { findRequest, type StewardRequest } from './requests.ts';

/**
 * The decision of the second person about a request, by a login of the database that is theirs. The database refuses the person and the
 * login that asked, and every login that may store or carry out requests.
 * @throws ExportRequestError where there is no such request, or it was decided before, or this person may not
 */
export async function decide(
  scope: Database,
  id: string,
  decision: 'approved' | 'refused',
  decidedBy: string,
): Promise<StewardRequest> {
  const request = await findRequest(scope, id);
  if (!request) throw new ExportRequestError('there is no such request');
  if (request.state !== 'undecided') throw new ExportRequestError('it was decided before');
  try {
    if (!(await insertDecision(scope, request.id, decision, decidedBy)))
      throw new ExportRequestError('it was decided before');
  } catch (error) {
    throw isRefused(error) ? new ExportRequestError(error.message) : error;
  }
  return (await findRequest(scope, id)) ?? request;
}

/** Does `work` with one connection of a login, which is closed afterwards. */
export async function withLogin<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const source = await openPool(url, 1);
  try {
    return await work(new Database(source));
  } finally {
    await source.destroy();
  }
}

/** @see PostgreSQL, appendix A: 42501, which the rules of the table raise in words for the person */
function isRefused(error: unknown): error is Error {
  return error instanceof Error && (error as { readonly code?: unknown }).code === '42501';
}
