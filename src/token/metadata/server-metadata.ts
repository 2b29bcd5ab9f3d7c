import type { AppConfig, MtlsConfig } from '../../config/config.ts';
import { PAYMENT_INITIATION } from '../../payment/initiation.ts';
import { scopesOfRole } from '../../clients/clients.ts';
import { loginScopes } from '../../clients/payer-ways.ts';
import { dpopAlgorithms } from '../../client-auth/dpop.ts';
import { CIBA } from '../oauth/grant-types.ts';
import { OPENID } from '../oauth/check-scope.ts';
import { ACR } from '../../config/payment-acr.ts';
import { CONTENT_ENCRYPTION, keyEncryptions } from '../oauth/encrypted-jwt.ts';
import { personClaims } from '../../login/person-claims.ts';

type Facts = Pick<AppConfig, 'issuer' | 'mtls' | 'signingKeys' | 'loginAcr'>;
type Value = string | boolean | readonly string[];
export type ServerMetadata = Readonly<Record<string, Value | Readonly<Record<string, string>>>>;

/**
 * What this server supports; what is missing is not supported.
 * @see RFC 8414 §2, OpenID Connect Discovery §3, RFC 8705 §3.3, §5, RFC 9126 §5, RFC 9207 §3, RFC 9396 §10, RFC 9449 §5.1,
 *   RFC 9701 §7, OpenID CIBA Core §4
 */
export function serverMetadata({ issuer, mtls, signingKeys, loginAcr }: Facts): ServerMetadata {
  const available = [...new Set(signingKeys.filter(({ purpose }) => purpose === 'tokens').map(({ alg }) => alg))];
  const algorithms = available.slice(0, 1);
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    ...endpoints(issuer),
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'client_credentials', CIBA],
    scopes_supported: [OPENID, ...loginScopes, ...new Set(Object.values(scopesOfRole).flat())],
    ...authentication(mtls),
    code_challenge_methods_supported: ['S256'],
    require_pushed_authorization_requests: true,
    request_parameter_supported: true,
    request_object_signing_alg_values_supported: [...dpopAlgorithms],
    request_uri_parameter_supported: false,
    ...backchannel(),
    authorization_response_iss_parameter_supported: true,
    authorization_details_types_supported: [PAYMENT_INITIATION],
    dpop_signing_alg_values_supported: [...dpopAlgorithms],
    introspection_signing_alg_values_supported: algorithms,
    ...encryption('introspection'),
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: algorithms,
    ...encryption('id_token'),
    userinfo_signing_alg_values_supported: available,
    ...encryption('userinfo'),
    acr_values_supported: [ACR, ...new Set([loginAcr.other, loginAcr.phone])],
    claims_supported: ['iss', 'sub', 'aud', 'exp', 'iat', 'auth_time', 'acr', 'amr', 'nonce', ...personClaims],
    claims_parameter_supported: true,
    ui_locales_supported: ['sv', 'en'],
    ...(mtls && { tls_client_certificate_bound_access_tokens: true, mtls_endpoint_aliases: endpoints(mtls.url) }),
  };
}

/** The endpoints for machines: at the issuer, and at the mTLS alias. */
function endpoints(base: string): Readonly<Record<string, string>> {
  return {
    pushed_authorization_request_endpoint: `${base}/par`,
    token_endpoint: `${base}/token`,
    introspection_endpoint: `${base}/introspect`,
    revocation_endpoint: `${base}/revoke`,
    backchannel_authentication_endpoint: `${base}/backchannel`,
    userinfo_endpoint: `${base}/userinfo`,
  };
}

/** @see OpenID CIBA Core §4 */
function backchannel(): Readonly<Record<string, Value>> {
  return {
    backchannel_token_delivery_modes_supported: ['poll', 'ping'],
    backchannel_authentication_request_signing_alg_values_supported: [...dpopAlgorithms],
    backchannel_user_code_parameter_supported: false,
  };
}

/** For what is encrypted to a registered key of its reader. */
function encryption(what: 'introspection' | 'id_token' | 'userinfo'): Readonly<Record<string, readonly string[]>> {
  return {
    [`${what}_encryption_alg_values_supported`]: keyEncryptions,
    [`${what}_encryption_enc_values_supported`]: [CONTENT_ENCRYPTION],
  };
}

function authentication(mtls: MtlsConfig | undefined): Readonly<Record<string, readonly string[]>> {
  const methods = mtls ? ['private_key_jwt', 'tls_client_auth'] : ['private_key_jwt'];
  const algorithms = [...dpopAlgorithms];
  const of = (endpoint: string): Record<string, readonly string[]> => ({
    [`${endpoint}_endpoint_auth_methods_supported`]: methods,
    [`${endpoint}_endpoint_auth_signing_alg_values_supported`]: algorithms,
  });
  return { ...of('token'), ...of('introspection'), ...of('revocation') };
}
