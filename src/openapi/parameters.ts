import { ApiParam } from '@nestjs/swagger';

/** A UUID in the path. */
export function UuidParameter(name: string, description: string, example: string): MethodDecorator {
  return ApiParam({ name, description, schema: { type: 'string', format: 'uuid' }, example });
}
