import { accessProblems, dpopHeader, json, problemsOf } from '../platform/api-answers.ts';
import type { RouteDescription } from '../platform/api-description.ts';
import { consentSchema } from './http/describe-consents.ts';

/** The consent that a token is for, at an address that is known beforehand. */
export const describeOwn: RouteDescription = {
  summary: 'The consent that the access token is for',
  headers: { DPoP: dpopHeader },
  answers: { 200: json('The consent', consentSchema), ...accessProblems, ...problemsOf(409) },
};
