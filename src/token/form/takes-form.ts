import { applyDecorators, type Type } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader } from '@nestjs/swagger';
import { example } from '../../openapi/api-examples.ts';
import { namedExamples } from '../../openapi/json-body.ts';

/**
 * Describes the form of an endpoint.
 * @param examples by name, which says what they show
 */
export function TakesForm(type: Type<unknown>, examples: Readonly<Record<string, object>>): MethodDecorator {
  return applyDecorators(
    ApiConsumes('application/x-www-form-urlencoded'),
    ApiBody({ type, examples: namedExamples(examples) }),
  );
}

/** For an endpoint that binds tokens to a key. */
export const TakesProof = (): MethodDecorator =>
  ApiHeader({
    name: 'DPoP',
    description:
      'Proof of the key to which a token will be bound (RFC 9449 §5); absent if it is bound to a certificate',
    schema: { type: 'string' },
    examples: namedProof,
  });

const namedProof = { proof: { value: example.jwt } };
