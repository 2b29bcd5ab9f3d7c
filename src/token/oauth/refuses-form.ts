import type { ErrorCode } from '../../kernel/errors.ts';
import { dpopNonce, RefusesWith } from '../../openapi/answers.ts';
import { example } from '../../openapi/api-examples.ts';
import { OAuthErrorDto } from './oauth-error.dto.ts';
import { oauthErrorOf } from './oauth-errors.ts';

/** The refusals of every endpoint with a form: for the form itself, and for the client. */
const formCodes = [
  'request.malformed',
  'request.too-large',
  'request.unsupported-media-type',
  'oauth.invalid-request',
  'client.assertion-invalid',
  'client.assertion-replayed',
  'client.certificate-invalid',
  'caller.forbidden',
  'service.key-missing',
] as const satisfies readonly ErrorCode[];

/** The endpoint refuses with the errors of these codes, and with those of every endpoint with a form. */
export function RefusesForm(...codes: readonly ErrorCode[]): MethodDecorator {
  return RefusesWith('application/json', OAuthErrorDto, [...formCodes, ...codes], (error) => {
    const { status, body } = oauthErrorOf(error, example.issuer);
    return {
      status,
      name: error?.code ?? 'internal',
      description: body.error,
      example: body,
      headers: error?.code === 'dpop.nonce-required' ? dpopNonce : {},
    };
  });
}
