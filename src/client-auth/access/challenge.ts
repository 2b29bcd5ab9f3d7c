import { DomainError } from '../../kernel/errors.ts';
import { scopeOf, type AccessRule } from '../access.ts';
import { dpopAlgorithms } from '../dpop.ts';

/** The supported schemes of an Authorization header; `bearer` is for tokens bound to a certificate. */
export type Scheme = 'dpop' | 'bearer';

interface Call {
  readonly rule: AccessRule;
  /** False if the call had no credentials; then RFC 6750 §3.1 gives no error code. */
  readonly presented: Scheme | 'other' | undefined;
  /** Whether tokens bound to certificates are accepted. */
  readonly withCertificates: boolean;
}

/**
 * The WWW-Authenticate header for a refused call; undefined for errors that are not about access. The error is given with the
 * scheme that was tried.
 * @see RFC 9449 §7.1, RFC 8705 §3
 */
export function challenge(error: unknown, { rule, presented, withCertificates }: Call): string | undefined {
  const parameters = error instanceof DomainError ? errorParameters(error, rule, presented !== undefined) : undefined;
  if (!parameters) return undefined;
  const algs = `algs="${dpopAlgorithms.join(' ')}"`;
  const isBearer = withCertificates && presented === 'bearer';
  const dpop = `DPoP ${[...(isBearer ? [] : parameters), algs].join(', ')}`;
  if (!withCertificates) return dpop;
  const bearer = `Bearer ${['realm="sigill"', ...(isBearer ? parameters : [])].join(', ')}`;
  return isBearer ? `${bearer}, ${dpop}` : `${dpop}, ${bearer}`;
}

function errorParameters(error: DomainError, rule: AccessRule, presented: boolean): readonly string[] | undefined {
  switch (error.code) {
    case 'caller.unauthenticated':
    case 'client.certificate-invalid':
      return presented ? ['error="invalid_token"', ...description(error)] : [];
    case 'dpop.missing':
    case 'dpop.invalid':
    case 'dpop.replayed':
      return ['error="invalid_dpop_proof"', ...description(error)];
    case 'dpop.nonce-required':
      return ['error="use_dpop_nonce"'];
    case 'caller.forbidden':
      return ['error="insufficient_scope"', `scope="${scopeOf(rule)}"`];
    default:
      return undefined;
  }
}

/** Our own sentences, without quotation marks and backslashes (RFC 6750 §3). */
function description(error: DomainError): readonly string[] {
  return error.detail === undefined ? [] : [`error_description="${error.detail}"`];
}
