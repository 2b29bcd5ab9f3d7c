import type { OpenAPIObject } from '@nestjs/swagger';
import {
  DESCRIPTION,
  type AnswerDescription,
  type ParameterDescription,
  type RouteDescription,
  type Schema,
} from '../api-description.ts';

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
/** Where values stand, which may look like schemas and are none. */
const values: ReadonlySet<string> = new Set(['examples', 'enum', 'const']);

type Mutable = Record<string, unknown>;

/** Puts the descriptions of the routes in the places where OpenAPI wants them, and titled schemas among the components. */
export function expandDocument(document: OpenAPIObject): OpenAPIObject {
  const schemas: Record<string, Schema> = {};
  const paths = Object.fromEntries(
    Object.entries(document.paths).map(([path, item]) => [path, expandItem(item as Mutable)]),
  );
  const hoisted = hoist(paths, schemas) as OpenAPIObject['paths'];
  const components = {
    ...document.components,
    schemas: sorted({ ...document.components?.schemas, ...schemas } as Record<string, Schema>) as NonNullable<
      OpenAPIObject['components']
    >,
  };
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
  const { path = {}, query = {}, headers = {}, cookies = {}, body, answers } = description;
  return {
    ...rest,
    parameters: [
      ...parametersIn('path', path),
      ...parametersIn('query', query),
      ...parametersIn('header', headers),
      ...parametersIn('cookie', cookies),
    ],
    requestBody: body && { required: true, content: mapValues(body, (schema) => ({ schema })) },
    responses: mapValues(answers, responseOf),
  };
}

function parametersIn(
  place: 'path' | 'query' | 'header' | 'cookie',
  parameters: Readonly<Record<string, ParameterDescription>>,
): readonly Mutable[] {
  return Object.entries(parameters).map(([name, { description, schema, optional }]) => ({
    name,
    in: place,
    required: optional !== true,
    description,
    schema,
  }));
}

function mapValues<T>(values: Readonly<Record<string, T>>, map: (value: T) => unknown): Mutable {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]));
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
