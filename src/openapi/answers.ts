import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath, type ApiResponseOptions } from '@nestjs/swagger';
import { DomainError, type ErrorCode } from '../kernel/errors.ts';
import { example } from './api-examples.ts';
import { ProblemDto } from './problem.dto.ts';
import { findProblemSpec, problemOf } from '../http/problems.ts';

interface Header {
  readonly description: string;
  readonly schema: object;
  readonly example: string | number;
  /** Whether every answer with this status has it. */
  readonly required: boolean;
}

export type Headers = Readonly<Record<string, Header>>;

interface Content {
  /** A class that describes JSON, or a schema for other content. */
  readonly schema: Type<unknown> | object;
  /** By name. */
  readonly examples: Readonly<Record<string, unknown>>;
}

interface Answer {
  readonly description: string;
  /** By media type; empty for an answer without a body. */
  readonly content?: Readonly<Record<string, Content>>;
  readonly headers?: Headers;
}

const text = { type: 'string' };

/** The headers of all answers. */
const headersOfAll: Headers = {
  'X-Request-Id': {
    description: 'Identifies the request; its line in the log of this service has the same id',
    schema: { type: 'string', format: 'uuid' },
    example: example.requestId,
    required: true,
  },
  'x-fapi-interaction-id': {
    description: 'The same UUID as in the request; without one, that of X-Request-Id, if an access token is presented',
    schema: { type: 'string', format: 'uuid' },
    example: example.interactionId,
    required: false,
  },
};

const retryAfter = (required: boolean): Headers => ({
  'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer' }, example: 5, required },
});

/** For answers to requests with a DPoP proof, if this service requires nonces. */
export const dpopNonce: Headers = {
  'DPoP-Nonce': {
    description: 'For the next proof, if this service requires nonces (RFC 9449 §8)',
    schema: text,
    example: example.nonce,
    required: false,
  },
};

export function header(description: string, value: string): Header {
  return { description, schema: text, example: value, required: true };
}

/** Describes the answer of the route with this status. */
export function Answers(status: number, { description, content = {}, headers = {} }: Answer): MethodDecorator {
  const classes = Object.values(content).flatMap(({ schema }) => (typeof schema === 'function' ? [schema] : []));
  const media = Object.entries(content).map(([type, { schema, examples }]) => {
    const reference = typeof schema === 'function' ? { $ref: getSchemaPath(schema) } : schema;
    const values = Object.entries(examples).map(([name, value]) => [name, { value }]);
    return [type, { schema: reference, examples: Object.fromEntries(values) as Record<string, { value: unknown }> }];
  });
  const answer = {
    status,
    description,
    headers: { ...headersOfAll, ...headers },
    ...(media.length > 0 && { content: Object.fromEntries(media) as object }),
  };
  return applyDecorators(ApiExtraModels(...classes), ApiResponse(answer as ApiResponseOptions));
}

/** An answer in JSON of this class. */
export function AnswersJson(
  status: number,
  description: string,
  schema: Type<unknown>,
  examples: Readonly<Record<string, unknown>>,
  headers: Headers = {},
): MethodDecorator {
  return Answers(status, { description, content: { 'application/json': { schema, examples } }, headers });
}

/** An answer that is a page for people. */
export function AnswersPage(status: number, description: string, headers: Headers = {}): MethodDecorator {
  return Answers(status, { description, content: { 'text/html': page }, headers });
}

const page: Content = { schema: text, examples: { page: '<!doctype html>…' } };

/** Refusals that any request may meet before its route is called. */
const codesOfAll = [
  'request.forged-certificate',
  'request.method-not-allowed',
  'request.too-many',
  'service.unavailable',
] as const satisfies readonly ErrorCode[];

/** One way to refuse. */
interface Refusal {
  readonly status: number;
  /** The name of the example. */
  readonly name: string;
  readonly description: string;
  readonly example: unknown;
  readonly headers?: Headers;
}

/** Headers of the guard's refusals. */
const challenges: Readonly<Record<number, Headers>> = {
  401: { 'WWW-Authenticate': header('The challenge (RFC 9449 §7.1, RFC 8705 §3)', example.challenge), ...dpopNonce },
  403: { 'WWW-Authenticate': header('The scope that is required', example.scopeChallenge) },
};

/** The route refuses with the problem documents of these codes, and with those of every route. */
export function Refuses(...codes: readonly ErrorCode[]): MethodDecorator {
  return RefusesWith('application/problem+json', ProblemDto, codes, (error) => {
    const problem = problemOf(error, example.requestId, example.issuer);
    const { status, code, title } = problem;
    return { status, name: code, description: title, example: problem, headers: challenges[status] ?? {} };
  });
}

/** The route refuses with pages for people. */
export function RefusesPages(...codes: readonly ErrorCode[]): MethodDecorator {
  return RefusesWith('text/html', text, codes, (error) => {
    const { status, title, code } = problemOf(error, example.requestId, example.issuer);
    return { status, name: code, description: title, example: '<!doctype html>…' };
  });
}

/** The route refuses with answers of this type. @param refusalOf the answer to an error; for undefined, to one without a code */
export function RefusesWith(
  mediaType: string,
  schema: Content['schema'],
  codes: readonly ErrorCode[],
  refusalOf: (error: DomainError | undefined) => Refusal,
): MethodDecorator {
  const errors = [...new Set([...codes, ...codesOfAll])].map((code) => new DomainError(code));
  const refusals = [...errors, undefined].map((error) => ({ ...refusalOf(error), mayRetry: mayRetry(error) }));
  return applyDecorators(
    ...[...groupBy(refusals, ({ status }) => status)].map(([status, group]) => {
      const examples = Object.fromEntries(group.map((one) => [one.name, one.example]));
      return Answers(status, {
        description: [...new Set(group.map(({ description }) => description))].join('; '),
        content: { [mediaType]: { schema, examples } },
        headers: Object.assign(headersOf(status, group), ...group.map((one) => one.headers)) as Headers,
      });
    }),
  );
}

function mayRetry(error: DomainError | undefined): boolean {
  return error !== undefined && findProblemSpec(error.code)?.retry === 'later';
}

export function groupBy<K, V>(values: readonly V[], keyOf: (value: V) => K): ReadonlyMap<K, readonly V[]> {
  const groups = new Map<K, V[]>();
  for (const value of values) groups.set(keyOf(value), [...(groups.get(keyOf(value)) ?? []), value]);
  return groups;
}

function headersOf(status: number, refusals: readonly { readonly mayRetry: boolean }[]): Headers {
  const mayRetry = refusals.some((one) => one.mayRetry);
  return {
    ...(mayRetry && retryAfter(refusals.every((one) => one.mayRetry))),
    ...(status === 405 && { Allow: header('The methods that the resource supports (RFC 9110 §10.2.1)', 'GET, HEAD') }),
  };
}
