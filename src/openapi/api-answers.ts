import type { AnswerDescription, ParameterDescription, Schema } from './api-description.ts';
import { problems } from '../http/problems.ts';

export const text = (description: string): Schema => ({ type: 'string', description });
export const oneOf = (...values: readonly (string | null)[]): Schema => ({ enum: values });
export const integer = (description: string): Schema => ({ type: 'integer', description });
export const listOf = (items: Schema, description?: string): Schema => ({
  type: 'array',
  items,
  ...(description === undefined ? {} : { description }),
});
export const uuid: Schema = { type: 'string', format: 'uuid' };
export const instant: Schema = { type: 'string', format: 'date-time' };
/** SHA-256, 256 random bits: 43 characters of base64url. */
export const base64url256: Schema = { type: 'string', pattern: '^[A-Za-z0-9_-]{43}$' };

interface ObjectFacts {
  readonly title?: string;
  readonly description?: string;
  readonly properties: Readonly<Record<string, Schema>>;
  /** Members that may be missing; all others are required. */
  readonly optional?: readonly string[];
  readonly examples?: readonly unknown[];
}

/** An object that has these members and no others. */
export function closedObject({ properties, optional = [], ...rest }: ObjectFacts): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { ...rest, type: 'object', additionalProperties: false, required, properties };
}

export function nullable(schema: Schema): Schema {
  return { anyOf: [schema, { type: 'null' }] };
}

export function json(description: string, schema: Schema): AnswerDescription {
  return { description, content: { 'application/json': schema } };
}

/** A page for people. */
export function page(description: string): AnswerDescription {
  return { description, content: { 'text/html': { type: 'string' } } };
}

const problem = closedObject({
  title: 'Problem',
  description: 'What went wrong (RFC 9457)',
  properties: {
    type: { type: 'string', format: 'uri', description: 'Leads to a page about this kind of problem' },
    title: text('The kind of problem in a few words'),
    status: integer('The HTTP status'),
    code: { enum: [...Object.keys(problems), 'internal'] },
    requestId: uuid,
    detail: text('What is wrong with this request'),
    pointer: text('JSON pointer to the member at fault (RFC 6901)'),
    state: text('The state of the consent, where it is the reason'),
    messageCode: text('BankID’s code for the situation'),
  },
  optional: ['detail', 'pointer', 'state', 'messageCode'],
  examples: [
    {
      type: 'https://sigill.example/problems/consent.not-authorised',
      title: 'Consent not authorised',
      status: 409,
      code: 'consent.not-authorised',
      requestId: '5a3c1c6e-8f2b-4f5e-9a53-0d5a5f2f8a10',
      state: 'revoked',
    },
  ],
});

const meanings: Readonly<Record<number, string>> = {
  400: 'Malformed request',
  401: 'No valid token, or no valid proof of possession; the challenge says which',
  403: 'The role or the scope of the token does not permit this',
  404: 'Not found, or not for this caller',
  408: 'The body did not arrive in time',
  409: 'In conflict with the state of the consent, or with an earlier request',
  413: 'The body is too large',
  415: 'Unsupported media type',
  422: 'The payment, the payer or the token is not that of the consent',
  429: 'Too many requests',
  503: 'Service unavailable',
};

const headersOf: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  401: { 'WWW-Authenticate': 'The challenge (RFC 9449 §7.1, RFC 8705 §3)' },
  403: { 'WWW-Authenticate': 'insufficient_scope, and the scope that is needed' },
  408: { 'Retry-After': 'Seconds' },
  429: { 'Retry-After': 'Seconds' },
  503: { 'Retry-After': 'Seconds' },
};

/** Answers of these statuses as problem documents; every route may also answer 500. */
export function problemsOf(...statuses: readonly number[]): Readonly<Record<number, AnswerDescription>> {
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: meanings[status] ?? 'Refused',
        content: { 'application/problem+json': problem },
        ...(headersOf[status] && { headers: headersOf[status] }),
      },
    ]),
  );
}

/** The errors of every route that takes access tokens. */
export const accessProblems = problemsOf(401, 403, 404, 429, 503);

/** The proof that goes with an access token of type DPoP. */
export const dpopHeader: ParameterDescription = {
  description: 'Proof of the key that the token is bound to (RFC 9449 §7.1); none with a token bound to a certificate',
  schema: { type: 'string' },
  optional: true,
};
