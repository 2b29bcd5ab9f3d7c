import { ApiParam, ApiQuery } from '@nestjs/swagger';

/** A part of the path. The library drops `example` of a parameter with a schema, and keeps `examples`. */
export function PathParameter(
  name: string,
  description: string,
  schema: { readonly format?: 'uuid'; readonly pattern?: string },
  value: string,
): MethodDecorator {
  return ApiParam({ name, description, schema: { type: 'string', ...schema }, examples: { [name]: { value } } });
}

/** A parameter of the query, which must be there. */
export function QueryParameter(name: string, description: string, value: string): MethodDecorator {
  return ApiQuery({ name, description, schema: { type: 'string', minLength: 1 }, examples: { [name]: { value } } });
}

/** A UUID in the path. */
export function UuidParameter(name: string, description: string, example: string): MethodDecorator {
  return PathParameter(name, description, { format: 'uuid' }, example);
}
