import { closedObject, json, listOf, oneOf, problemsOf, text } from '../../openapi/api-answers.ts';
import type { RouteDescription, Schema } from '../../openapi/api-description.ts';

const url: Schema = { type: 'string', format: 'uri' };
const words = listOf({ type: 'string' });
const truth: Schema = { type: 'boolean' };

const endpoints: Readonly<Record<string, Schema>> = {
  pushed_authorization_request_endpoint: url,
  token_endpoint: url,
  introspection_endpoint: url,
  revocation_endpoint: url,
};

const authentication = ['token', 'introspection', 'revocation'].flatMap((name) => [
  `${name}_endpoint_auth_methods_supported`,
  `${name}_endpoint_auth_signing_alg_values_supported`,
]);

const lists = [
  'response_types_supported',
  'response_modes_supported',
  'grant_types_supported',
  'scopes_supported',
  ...authentication,
  'code_challenge_methods_supported',
  'request_object_signing_alg_values_supported',
  'authorization_details_types_supported',
  'dpop_signing_alg_values_supported',
  'introspection_signing_alg_values_supported',
  'introspection_encryption_alg_values_supported',
  'introspection_encryption_enc_values_supported',
  'subject_types_supported',
  'id_token_signing_alg_values_supported',
  'acr_values_supported',
  'claims_supported',
  'ui_locales_supported',
];

const metadata = closedObject({
  title: 'ServerMetadata',
  description: 'RFC 8414 §2',
  properties: {
    issuer: url,
    authorization_endpoint: url,
    ...endpoints,
    jwks_uri: url,
    ...Object.fromEntries(lists.map((name) => [name, words])),
    require_pushed_authorization_requests: { const: true },
    request_parameter_supported: truth,
    request_uri_parameter_supported: truth,
    authorization_response_iss_parameter_supported: { const: true },
    tls_client_certificate_bound_access_tokens: truth,
    mtls_endpoint_aliases: closedObject({ properties: endpoints }),
  },
  optional: ['tls_client_certificate_bound_access_tokens', 'mtls_endpoint_aliases'],
});

const key = closedObject({
  title: 'PublicKey',
  properties: {
    kty: oneOf('EC', 'RSA', 'OKP'),
    crv: text('Of EC and OKP'),
    x: text('Of EC and OKP'),
    y: text('Of EC'),
    n: text('Of RSA'),
    e: text('Of RSA'),
    kid: text('Names the key; its beginning says what it signs'),
    alg: oneOf('ES256', 'PS256', 'EdDSA', 'Ed25519'),
    use: { const: 'sig' },
  },
  optional: ['crv', 'x', 'y', 'n', 'e'],
});

export const describeMetadata: RouteDescription = {
  summary: 'Metadata of the authorization server (RFC 8414 §3, OpenID Connect Discovery §4)',
  answers: { 200: json('What this server does', metadata), ...problemsOf(429) },
};

export const describeJwks: RouteDescription = {
  summary: 'Our public signing keys (RFC 7517 §5)',
  answers: {
    200: json('The keys', closedObject({ title: 'KeySet', properties: { keys: listOf(key) } })),
    ...problemsOf(429),
  },
};
