import { PAYMENT_INITIATION } from '../../payment/initiation.ts';
import { scopesOfRole } from '../../tpp/clients.ts';
import { dpopAlgorithms } from '../../tpp/dpop.ts';

export type ServerMetadata = Readonly<Record<string, string | boolean | readonly string[]>>;

/**
 * What this server does, and by omission what it does not.
 * @see RFC 8414 §2, RFC 9126 §5, RFC 9207 §3, RFC 9396 §10, RFC 9449 §5.1
 */
export function serverMetadata(issuer: string): ServerMetadata {
  const authentication = ['private_key_jwt'];
  const algorithms = [...dpopAlgorithms];
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    pushed_authorization_request_endpoint: `${issuer}/par`,
    token_endpoint: `${issuer}/token`,
    introspection_endpoint: `${issuer}/introspect`,
    revocation_endpoint: `${issuer}/revoke`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'client_credentials'],
    scopes_supported: [...new Set(Object.values(scopesOfRole).flat())],
    token_endpoint_auth_methods_supported: authentication,
    token_endpoint_auth_signing_alg_values_supported: algorithms,
    introspection_endpoint_auth_methods_supported: authentication,
    introspection_endpoint_auth_signing_alg_values_supported: algorithms,
    revocation_endpoint_auth_methods_supported: authentication,
    revocation_endpoint_auth_signing_alg_values_supported: algorithms,
    code_challenge_methods_supported: ['S256'],
    require_pushed_authorization_requests: true,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    authorization_response_iss_parameter_supported: true,
    authorization_details_types_supported: [PAYMENT_INITIATION],
    dpop_signing_alg_values_supported: algorithms,
    ui_locales_supported: ['sv', 'en'],
  };
}
