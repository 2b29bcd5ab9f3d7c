import { accessProblems, dpopHeader, json, problemsOf, proven } from '../platform/api-answers.ts';
import type { RouteDescription } from '../platform/api-description.ts';
import { consentSchema } from './http/describe-consents.ts';

/** The consent that a token is for, at an address that is known beforehand. */
export const describeOwn: RouteDescription = {
  summary: 'The consent that the access token is for',
  headers: { DPoP: dpopHeader },
  answers: { 200: json('The consent', consentSchema), ...accessProblems, ...problemsOf(409) },
  examples: {
    own: { summary: 'With the token of a consent', by: 'tppWithToken', headers: proven, status: 200 },
    machine: { summary: 'A token of a client for itself is for no consent', by: 'tpp', headers: proven, status: 404 },
  },
};
