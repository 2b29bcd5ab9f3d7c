import { ApiProperty } from '@nestjs/swagger';
import { IsArray } from 'class-validator';
import { Message, OpenMember, WordMember } from '../members.ts';

/** Objects that OpenAPI defines. */
function OpenList(description: string): PropertyDecorator {
  const items = { type: 'object', additionalProperties: true, description };
  return (target, key) => {
    ApiProperty({ type: 'array', items })(target, key);
    IsArray()(target, key);
  };
}

@Message()
export class OpenApiDocumentDto {
  @WordMember(['3.1.0'])
  openapi!: string;

  @OpenMember({ description: 'OpenAPI 3.1.0 §4.8.2' })
  info!: object;

  @OpenMember({ description: 'OpenAPI 3.1.0 §4.8.8' })
  paths!: object;

  @OpenList('OpenAPI 3.1.0 §4.8.22')
  tags!: object[];

  @OpenList('OpenAPI 3.1.0 §4.8.5')
  servers!: object[];

  @OpenMember({ description: 'OpenAPI 3.1.0 §4.8.7' })
  components!: object;
}

export const exampleDocument = {
  openapi: '3.1.0',
  info: { title: 'Sigill', version: '1.0.0' },
  paths: {},
  tags: [],
  servers: [],
  components: {},
} as const;
