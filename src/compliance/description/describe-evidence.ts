import { accessProblems, dpopHeader, json, problemsOf, proven, text, uuid } from '../../platform/api-answers.ts';
import { closedObject, oneOf } from '../../platform/api-answers.ts';
import type { ParameterDescription, RouteDescription } from '../../platform/api-description.ts';
import { readingPurposes } from '../../verifying/purpose.ts';
import { evidenceListSchema, evidenceSchema } from './evidence-schema.ts';
import { reportSchema } from './report-schema.ts';

const purpose: ParameterDescription = {
  description: 'Why; kept in the audit trail',
  schema: oneOf(...readingPurposes),
};
const headers = { 'Sigill-Purpose': purpose, DPoP: dpopHeader };
const stated = { ...proven, 'Sigill-Purpose': 'complaint' } as const;
const ofConsent = { id: '{{consumed_consent_id}}' } as const;
const one = { id: '{{evidence_id}}' } as const;
const id = (description: string): Readonly<Record<string, ParameterDescription>> => ({
  id: { description, schema: uuid },
});

export const describeList: RouteDescription = {
  summary: 'Which evidence a consent has',
  path: id('The consent'),
  headers,
  answers: { 200: json('The accepted one first', evidenceListSchema), ...accessProblems, ...problemsOf(400) },
  examples: {
    bank: { summary: 'Its bank', by: 'bank', path: ofConsent, headers: stated, status: 200 },
    auditor: { summary: 'An auditor of the bank', by: 'auditor', path: ofConsent, headers: stated, status: 200 },
    purposeless: { summary: 'Without saying why', by: 'bank', path: ofConsent, headers: proven, status: 400 },
    foreign: { summary: 'Another bank finds nothing', by: 'otherBank', path: ofConsent, headers: stated, status: 404 },
    tpp: { summary: 'A TPP may not', by: 'tpp', path: ofConsent, headers: stated, status: 403 },
  },
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
  examples: {
    auditor: { summary: 'An auditor of the bank', by: 'auditor', path: one, headers: stated, status: 200 },
    folder: {
      summary: 'The evidence folder',
      by: 'bank',
      path: one,
      headers: stated,
      accept: 'application/zip',
      status: 200,
    },
    foreign: { summary: 'Another bank finds nothing', by: 'otherBank', path: one, headers: stated, status: 404 },
  },
};

export const describeVerification: RouteDescription = {
  summary: 'The stored signature verified once more, now',
  path: id('The evidence'),
  headers,
  answers: { 200: json('Today’s verdict', reportSchema), ...accessProblems, ...problemsOf(400) },
  examples: {
    bank: { summary: 'Its bank', by: 'bank', path: one, headers: stated, status: 200 },
    foreign: { summary: 'Another bank finds nothing', by: 'otherBank', path: one, headers: stated, status: 404 },
  },
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

const received = { signature: '{{bankid_signature}}', ocspResponse: '{{bankid_ocsp_response}}' } as const;

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
  examples: {
    completion: { summary: 'What BankID delivered', by: 'bank', headers: stated, body: received, status: 200 },
    archived: {
      summary: 'The verdict for the archive',
      by: 'auditor',
      headers: stated,
      body: received,
      accept: 'application/jose',
      status: 200,
    },
    folder: {
      summary: 'An evidence folder',
      by: 'bank',
      headers: stated,
      type: 'application/zip',
      body: '{{evidence_zip}}',
      status: 200,
    },
    letter: {
      summary: 'A text that is no signature',
      by: 'bank',
      headers: stated,
      body: { signature: 'x' },
      status: 422,
    },
    nothing: { summary: 'No signature', by: 'bank', headers: stated, body: { consent: {} }, status: 400 },
    tpp: { summary: 'A TPP may not', by: 'tpp', headers: stated, body: received, status: 403 },
  },
};
