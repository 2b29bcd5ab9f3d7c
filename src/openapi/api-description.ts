import { applyDecorators } from '@nestjs/common';
import { ApiExtension, ApiOperation } from '@nestjs/swagger';

/** JSON Schema 2020-12, the dialect of OpenAPI 3.1. One with a `title` becomes a component of that name. */
export type Schema = Readonly<Record<string, unknown>>;

export interface ParameterDescription {
  readonly description: string;
  readonly schema: Schema;
  readonly optional?: true;
}

export interface AnswerDescription {
  readonly description: string;
  /** By media type; without it the answer has no body. */
  readonly content?: Readonly<Record<string, Schema>>;
  /** By name, what the header says. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** All that the API's document says of a route beyond its address. */
export interface RouteDescription {
  readonly summary: string;
  readonly description?: string;
  readonly path?: Readonly<Record<string, ParameterDescription>>;
  readonly query?: Readonly<Record<string, ParameterDescription>>;
  readonly headers?: Readonly<Record<string, ParameterDescription>>;
  readonly cookies?: Readonly<Record<string, ParameterDescription>>;
  /** By media type. */
  readonly body?: Readonly<Record<string, Schema>>;
  readonly answers: Readonly<Record<number, AnswerDescription>>;
}

/** Under which extension a description waits in the document until it is expanded. */
export const DESCRIPTION = 'x-description';

/** Describes a route. The lint of the document finds a route without. */
export function Describe(description: RouteDescription): MethodDecorator {
  const { summary } = description;
  return applyDecorators(
    ApiOperation({
      summary,
      ...(description.description === undefined ? {} : { description: description.description }),
    }),
    ApiExtension(DESCRIPTION, description),
  );
}
