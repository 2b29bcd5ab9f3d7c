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
  /** Whether every answer of this status has it. */
  readonly required: boolean;
}

export type Headers = Readonly<Record<string, Header>>;

interface Content {
  /** A class that describes JSON, or a schema for what is none. */
  readonly schema: Type<unknown> | object;
  /** By name. */
  readonly examples: Readonly<Record<string, unknown>>;
}

interface Answer {
  readonly description: string;
  /** By media type; without it the answer has no body. */
  readonly content?: Readonly<Record<string, Content>>;
  readonly headers?: Headers;
}

const text = { type: 'string' };

/** The headers of all answers. */
const headersOfAll: Headers = {
  'X-Request-Id': {
    description: 'Names the request; its line in the log of this service has the same',
    schema: { type: 'string', format: 'uuid' },
    example: example.requestId,
    required: true,
  },
  'x-fapi-interaction-id': {
    description: 'The same UUID as in the request, where that has one',
    schema: { type: 'string', format: 'uuid' },
    example: example.interactionId,
    required: false,
  },
};

const retryAfter = (required: boolean): Headers => ({
  'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer' }, example: 5, required },
});

/** Of answers to requests that show a DPoP proof, where this service asks for nonces. */
export const dpopNonce: Headers = {
  'DPoP-Nonce': {
    description: 'For the next proof, where this service asks for nonces (RFC 9449 §8)',
    schema: text,
    example: example.nonce,
    required: false,
  },
};

export function header(description: string, value: string): Header {
  return { description, schema: text, example: value, required: true };
}

/** Describes what the route answers with this status. */
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

/** The answer is JSON of this class. */
export function AnswersJson(
  status: number,
  description: string,
  schema: Type<unknown>,
  examples: Readonly<Record<string, unknown>>,
  headers: Headers = {},
): MethodDecorator {
  return Answers(status, { description, content: { 'application/json': { schema, examples } }, headers });
}

/** The answer is a page for people. */
export function AnswersPage(status: number, description: string, headers: Headers = {}): MethodDecorator {
  return Answers(status, { description, content: { 'text/html': page }, headers });
}

const page: Content = { schema: text, examples: { page: '<!doctype html>…' } };

/** What may happen to every request, before its route has a word in it. */
const codesOfAll = [
  'request.forged-certificate',
  'request.method-not-allowed',
  'request.too-many',
  'service.unavailable',
] as const satisfies readonly ErrorCode[];

/** One way to refuse. */
interface Refusal {
  readonly status: number;
  /** What the example is called. */
  readonly name: string;
  readonly description: string;
  readonly example: unknown;
  readonly headers?: Headers;
}

/** Of the guard's refusals. */
const challenges: Readonly<Record<number, Headers>> = {
  401: { 'WWW-Authenticate': header('The challenge (RFC 9449 §7.1, RFC 8705 §3)', example.challenge), ...dpopNonce },
  403: { 'WWW-Authenticate': header('The scope that is needed', example.scopeChallenge) },
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

/** The route refuses with answers of this type. @param refusalOf what becomes of an error; undefined: of one that no code describes */
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
    ...(status === 405 && { Allow: header('What the address takes instead (RFC 9110 §10.2.1)', 'GET, HEAD') }),
  };
}
