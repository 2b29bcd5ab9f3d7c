import type { ErrorCode } from '../../kernel/errors.ts';
import { approvals } from './problems/approvals.ts';
import { callers } from './problems/callers.ts';
import { consents } from './problems/consents.ts';
import type { Explanation } from './problems/explanation.ts';
import { oauth } from './problems/oauth.ts';
import { people } from './problems/people.ts';
import { requests } from './problems/requests.ts';

/** The page of each code; a code without one does not compile. */
export const problemMeanings: Readonly<Record<ErrorCode | 'internal', Explanation>> = {
  ...requests,
  ...callers,
  ...oauth,
  ...consents,
  ...approvals,
  ...people,
};
