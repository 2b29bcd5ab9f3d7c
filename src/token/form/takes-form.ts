import { applyDecorators, type Type } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader } from '@nestjs/swagger';
import { example } from '../../openapi/api-examples.ts';
import { namedExamples } from '../../openapi/json-body.ts';

/**
 * Describes the form that an endpoint takes.
 * @param examples by what they show
 */
export function TakesForm(type: Type<unknown>, examples: Readonly<Record<string, object>>): MethodDecorator {
  return applyDecorators(
    ApiConsumes('application/x-www-form-urlencoded'),
    ApiBody({ type, examples: namedExamples(examples) }),
  );
}

/** The endpoint binds tokens to a key. */
export const TakesProof = (): MethodDecorator =>
  ApiHeader({
    name: 'DPoP',
    description:
      'Proof of the key that a token is to be bound to (RFC 9449 §5); none where it is bound to a certificate',
    schema: { type: 'string' },
    examples: namedProof,
  });

const namedProof = { proof: { value: example.jwt } };
