import type { OpenAPIObject } from '@nestjs/swagger';

type SecuritySchemes = NonNullable<NonNullable<OpenAPIObject['components']>['securitySchemes']>;

/** How callers prove who they are. */
export function securitySchemes(issuer: string): SecuritySchemes {
  const tokenUrl = `${issuer}/token`;
  return {
    accessToken: {
      type: 'oauth2',
      description:
        'Authorization: DPoP <access token>, together with a proof; or Authorization: Bearer <access token>, over TLS with the ' +
        'certificate that the token is bound to. A client has tokens of its own, and one for each consent or login.',
      flows: {
        clientCredentials: { tokenUrl, scopes: { ...scopes, ...scopesOfAuditors } },
        authorizationCode: {
          authorizationUrl: `${issuer}/authorize`,
          tokenUrl,
          scopes: { consents: scopes.consents, openid: 'Log a person in, and read /userinfo' },
        },
      },
    },
    dpop: {
      type: 'apiKey',
      in: 'header',
      name: 'DPoP',
      description: 'A proof of possession of the key that the token is bound to, made for this request (RFC 9449 §4.2)',
    },
    certificate: {
      // OpenAPI 3.1 §4.8.27; the library's types cover 3.0 only.
      type: 'mutualTLS' as 'http',
      description: 'The client’s certificate, at the endpoint in mtls_endpoint_aliases (RFC 8705)',
    },
    clientAssertion: {
      type: 'openIdConnect',
      openIdConnectUrl: `${issuer}/.well-known/openid-configuration`,
      description: 'private_key_jwt: client_assertion in the form (RFC 7523 §2.2, OpenID Connect Core §9)',
    },
    browser: {
      type: 'apiKey',
      in: 'cookie',
      name: issuer.startsWith('https:') ? '__Host-sigill' : 'sigill',
      description: 'A secret that binds the browser to the payment that the payer began in it',
    },
  };
}

const scopes = {
  consents: 'Read and revoke consents',
  consume: 'Consume consents, and report the outcome of the payment',
} as const;

const scopesOfAuditors = {
  evidence: 'Read and verify evidence of its bank',
  exports: 'Order and fetch exports of its bank',
} as const;
