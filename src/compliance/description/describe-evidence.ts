import { accessProblems, dpopHeader, json, problemsOf, text, uuid } from '../../openapi/api-answers.ts';
import { closedObject, oneOf } from '../../openapi/api-answers.ts';
import type { ParameterDescription, RouteDescription } from '../../openapi/api-description.ts';
import { readingPurposes } from '../../uploads/purpose.ts';
import { evidenceListSchema, evidenceSchema } from './evidence-schema.ts';
import { reportSchema } from './report-schema.ts';

const purpose: ParameterDescription = {
  description: 'Why; kept in the audit trail',
  schema: oneOf(...readingPurposes),
};
const headers = { 'Sigill-Purpose': purpose, DPoP: dpopHeader };
const id = (description: string): Readonly<Record<string, ParameterDescription>> => ({
  id: { description, schema: uuid },
});

export const describeList: RouteDescription = {
  summary: 'Which evidence a consent has',
  path: id('The consent'),
  headers,
  answers: { 200: json('The accepted one first', evidenceListSchema), ...accessProblems, ...problemsOf(400) },
};

export const describeRead: RouteDescription = {
  summary: 'Signature, OCSP response and everything kept with them',
  path: id('The evidence'),
  headers,
  answers: {
    200: {
      description: 'The evidence; holds the payer’s personal number',
      content: {
        'application/json': evidenceSchema,
        'application/zip': { type: 'string', contentMediaType: 'application/zip', description: 'The evidence folder' },
      },
    },
    ...accessProblems,
    ...problemsOf(400),
  },
};

export const describeVerification: RouteDescription = {
  summary: 'The stored signature verified once more, now',
  path: id('The evidence'),
  headers,
  answers: { 200: json('Today’s verdict', reportSchema), ...accessProblems, ...problemsOf(400) },
};

const completion = closedObject({
  title: 'BankIdCompletion',
  properties: {
    signature: text('`completionData.signature` exactly as BankID delivered it (base64), or the XML document it holds'),
    ocspResponse: text('`completionData.ocspResponse` (base64)'),
    consent: {
      type: 'object',
      additionalProperties: true,
      description: 'consent.json of the evidence folder: what is signed is compared with it',
    },
  },
  optional: ['ocspResponse', 'consent'],
});

export const describeUpload: RouteDescription = {
  summary: 'Verify evidence that is sent, with what this installation trusts',
  description:
    'A ZIP of one evidence folder (at most 64 members, 4 MiB inflated), or a bare BankID completion as JSON. What is ' +
    'no evidence gets no verdict, but 422 `evidence.none`. Trust, ' +
    'environment, relying party and time are those of this installation. Nothing sent is stored, and nothing stored is ' +
    'looked at. `Accept: application/jose` gives the report inside a JWS of type `sigill-verdict+jwt`, signed by a key ' +
    'of /jwks, for the archive.',
  headers,
  body: {
    'application/json': completion,
    'application/zip': { type: 'string', contentMediaType: 'application/zip', description: 'At most 1 MiB' },
  },
  answers: {
    200: {
      description: 'The verdict, and every check with why it decided',
      content: {
        'application/json': reportSchema,
        'application/jose': { type: 'string', description: 'JWS: the report and what it rests on' },
      },
    },
    ...accessProblems,
    ...problemsOf(400, 408, 413, 415, 422),
  },
};
