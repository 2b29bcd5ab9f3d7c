import type { OpenAPIObject } from '@nestjs/swagger';
import {
  DESCRIPTION,
  type AnswerDescription,
  type ExampleRequest,
  type ParameterDescription,
  type RouteDescription,
  type Schema,
} from '../api-description.ts';

/** Where each kind of parameter stands in an example. */
const memberOf = { path: 'path', query: 'query', header: 'headers', cookie: 'cookies' } as const;
const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
/** Where values stand, which may look like schemas and are none. */
const values: ReadonlySet<string> = new Set(['examples', 'enum', 'const', 'x-example-calls']);

type Mutable = Record<string, unknown>;

/** Puts the descriptions of the routes in the places where OpenAPI wants them, and titled schemas among the components. */
export function expandDocument(document: OpenAPIObject): OpenAPIObject {
  const schemas: Record<string, Schema> = {};
  const paths = Object.fromEntries(
    Object.entries(document.paths).map(([path, item]) => [path, expandItem(item as Mutable)]),
  );
  const hoisted = hoist(paths, schemas) as OpenAPIObject['paths'];
  const components = { ...document.components, schemas: sorted(schemas) as NonNullable<OpenAPIObject['components']> };
  return { ...document, paths: hoisted, components } as OpenAPIObject;
}

function expandItem(item: Mutable): Mutable {
  return Object.fromEntries(
    Object.entries(item).map(([method, operation]) =>
      methods.includes(method as (typeof methods)[number])
        ? [method, expandOperation(operation as Mutable)]
        : [method, operation],
    ),
  );
}

function expandOperation(operation: Mutable): Mutable {
  const { [DESCRIPTION]: found, ...rest } = operation;
  const description = found as RouteDescription | undefined;
  if (!description) return operation;
  const { path = {}, query = {}, headers = {}, cookies = {}, body, answers, examples } = description;
  const all = Object.entries(examples);
  return {
    ...rest,
    parameters: [
      ...parametersIn('path', path, all),
      ...parametersIn('query', query, all),
      ...parametersIn('header', headers, all),
      ...parametersIn('cookie', cookies, all),
    ],
    requestBody: body && { required: true, content: bodies(body, all) },
    responses: Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, responseOf(answer)])),
    'x-example-calls': Object.fromEntries(
      all.map(([example, { summary, by, accept, status }]) => [
        example,
        { summary, by, ...(accept === undefined ? {} : { accept }), status },
      ]),
    ),
  };
}

function parametersIn(
  place: keyof typeof memberOf,
  parameters: Readonly<Record<string, ParameterDescription>>,
  examples: readonly (readonly [string, ExampleRequest])[],
): readonly Mutable[] {
  return Object.entries(parameters).map(([name, { description, schema, optional }]) => ({
    name,
    in: place,
    required: optional !== true,
    description,
    schema,
    examples: Object.fromEntries(
      examples.flatMap(([example, request]) => {
        const value = request[memberOf[place]]?.[name];
        return value === undefined ? [] : [[example, { value }]];
      }),
    ),
  }));
}

function bodies(
  body: Readonly<Record<string, Schema>>,
  examples: readonly (readonly [string, ExampleRequest])[],
): Mutable {
  const [first] = Object.keys(body);
  return Object.fromEntries(
    Object.entries(body).map(([type, schema]) => {
      const own = examples.filter(([, request]) => request.body !== undefined && (request.type ?? first) === type);
      const named = own.map(([example, { summary, body: value }]) => [example, { summary, value }]);
      return [type, { schema, examples: Object.fromEntries(named) as Mutable }];
    }),
  );
}

function responseOf({ description, content, headers }: AnswerDescription): Mutable {
  return {
    description,
    ...(headers && {
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, says]) => [name, { description: says, schema: { type: 'string' } }]),
      ),
    }),
    ...(content && {
      content: Object.fromEntries(Object.entries(content).map(([type, schema]) => [type, { schema }])),
    }),
  };
}

/** The same value, with a reference in the place of each schema that has a title. */
function hoist(value: unknown, schemas: Record<string, Schema>): unknown {
  if (Array.isArray(value)) return value.map((item) => hoist(item, schemas));
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, values.has(key) ? member : hoist(member, schemas)]),
  );
  const { title } = copy;
  if (typeof title !== 'string') return copy;
  schemas[title] = copy;
  return { $ref: `#/components/schemas/${title}` };
}

function sorted(schemas: Record<string, Schema>): Record<string, Schema> {
  return Object.fromEntries(Object.entries(schemas).sort(([one], [other]) => (one < other ? -1 : 1)));
}
