import { DomainError } from '../../kernel/errors.ts';
import type { AccessRule } from '../access.ts';
import { dpopAlgorithms } from '../dpop.ts';

/**
 * The WWW-Authenticate header for a refused call; undefined for errors that are not about access.
 * @param presented whether the call had credentials: without any, RFC 6750 §3.1 gives no error code
 * @see RFC 9449 §7.1
 */
export function challenge(error: unknown, rule: AccessRule, presented: boolean): string | undefined {
  const parameters = error instanceof DomainError ? errorParameters(error, rule, presented) : undefined;
  if (!parameters) return undefined;
  const algs = dpopAlgorithms.join(' ');
  return `DPoP ${[...parameters, `algs="${algs}"`].join(', ')}`;
}

function errorParameters(error: DomainError, rule: AccessRule, presented: boolean): readonly string[] | undefined {
  switch (error.code) {
    case 'caller.unauthenticated':
      return presented ? ['error="invalid_token"', ...description(error)] : [];
    case 'dpop.missing':
    case 'dpop.invalid':
    case 'dpop.replayed':
      return ['error="invalid_dpop_proof"', ...description(error)];
    case 'caller.forbidden':
      return ['error="insufficient_scope"', `scope="${rule.scope}"`];
    default:
      return undefined;
  }
}

/** Our own sentences, none of which holds a quotation mark or a backslash (RFC 6750 §3). */
function description(error: DomainError): readonly string[] {
  return error.detail === undefined ? [] : [`error_description="${error.detail}"`];
}
