import { apiCalls } from './api-calls.ts';
import { operationsOf, takesTokens, type ApiDescription } from './api-schemas.ts';

/** What may stand open: documents that others define. Everything else names all its members. */
const OPEN = /^(OpenAPI 3\.1\.0 §|As BankID |(?:consent|circumstances|report)\.json of the evidence folder)/;

/** What the schema of OpenAPI does not ask for and a reader does; empty when all is well. */
export function lintApi(api: ApiDescription): readonly string[] {
  return [...lintOperations(api), ...lintTags(api), ...lintReferences(api), ...lintSchemas(api)];
}

function lintOperations(api: ApiDescription): readonly string[] {
  const seen = new Set<string>();
  return operationsOf(api).flatMap(([path, method, operation]) => {
    const name = `${method} ${path}`;
    const faults: string[] = [];
    const check = (isRight: boolean, fault: string): void => {
      if (!isRight) faults.push(`${name} ${fault}`);
    };
    check(!seen.has(operation.operationId), 'has the operationId of another');
    seen.add(operation.operationId);
    check((operation.summary ?? '') !== '', 'has no summary');
    check(operation.tags?.length === 1, 'has not one tag');
    check((operation['x-codeSamples']?.length ?? 0) > 0, 'has no sample');
    const templated = [...path.matchAll(/\{(\w+)\}/g)].map(([, variable]) => variable);
    const declared = operation.parameters.filter((one) => one.in === 'path').map((one) => one.name);
    check(JSON.stringify(templated) === JSON.stringify(declared), 'declares other parameters than its path has');
    for (const parameter of operation.parameters) {
      check((parameter.description ?? '') !== '', `does not describe ${parameter.name}`);
      check(Object.keys(parameter.examples ?? {}).length > 0, `shows no example of ${parameter.name}`);
    }
    const statuses = Object.keys(operation.responses).map(Number);
    check(
      statuses.some((status) => status < 400),
      'has no answer but refusals',
    );
    check(
      statuses.some((status) => status >= 400),
      'never refuses',
    );
    const calls = Object.values(apiCalls[name] ?? {});
    check(
      calls.some(({ status }) => status < 400),
      'is sent no request that succeeds',
    );
    for (const { status } of calls)
      check(statuses.includes(status), `is sent a request for ${status}, which it never answers`);
    const secured = takesTokens(operation);
    check(!secured || [401, 403].every((status) => statuses.includes(status)), 'takes tokens and refuses none');
    return faults;
  });
}

/** A reader of the document meets the operations of a tag together, in the order of the tags. */
function lintTags({ tags, ...api }: ApiDescription): readonly string[] {
  const faults = tags
    .filter(({ description = '' }) => description === '')
    .map(({ name }) => `${name} is not described`);
  const ranks = operationsOf(api).map(([, , operation]) => tags.findIndex(({ name }) => name === operation.tags?.[0]));
  if (ranks.includes(-1)) faults.push('an operation has a tag that is not described');
  if (ranks.some((rank, at) => rank < (ranks[at - 1] ?? 0)))
    faults.push('the operations are not in the order of the tags');
  const unused = tags.filter((_, at) => !ranks.includes(at)).map(({ name }) => `${name} has no operation`);
  return [...faults, ...unused];
}

function lintReferences(api: ApiDescription): readonly string[] {
  const used = new Set([...JSON.stringify(api).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name));
  const there = new Set(Object.keys(api.components.schemas));
  return [
    ...[...used].filter((name) => !there.has(name ?? '')).map((name) => `${name} is referred to and not there`),
    ...[...there].filter((name) => !used.has(name)).map((name) => `${name} is there and not referred to`),
  ];
}

/** Every object in an answer names its members, so that one more is noticed. */
function lintSchemas(api: ApiDescription): readonly string[] {
  const faults: string[] = [];
  const walk = (value: unknown, place: string): void => {
    if (Array.isArray(value)) return value.forEach((item, n) => walk(item, `${place}/${n}`));
    if (typeof value !== 'object' || value === null) return;
    const schema = value as Readonly<Record<string, unknown>>;
    const isForm = /(?:Form|Upload)$/.test(place);
    const isOpen = schema['additionalProperties'] === undefined || schema['additionalProperties'] === true;
    if (schema['type'] === 'object' && isOpen && !isForm && !OPEN.test(String(schema['description']))) {
      faults.push(`${place} does not say which members there are`);
    }
    for (const [key, member] of Object.entries(schema)) if (key !== 'examples') walk(member, `${place}/${key}`);
  };
  walk(api.components.schemas, '#/components/schemas');
  for (const [path, method, { responses }] of operationsOf(api)) walk(responses, `${method} ${path}`);
  return faults;
}
