import type { JWK } from 'jose';

/** How a bank is registered, however it authenticates. */
export const asBank = { redirect_uris: [], grant_types: [], response_types: [] };

export function asTpp(redirectUri: string): object {
  return {
    authorization_details_types: ['payment_initiation'],
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'client_credentials'],
    response_types: ['code'],
  };
}

export function byAssertion(id: string, keys: readonly JWK[]): object {
  return {
    client_id: id,
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    id_token_signed_response_alg: 'ES256',
    jwks: { keys },
  };
}
