import type { OpenAPIObject } from '@nestjs/swagger';
import { SOFTWARE_VERSION } from '../../kernel/version.ts';

/** The parts of the API's description that do not belong to a route. */
export function apiOutline(issuer: string): Omit<OpenAPIObject, 'paths'> {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sigill',
      version: SOFTWARE_VERSION,
      description:
        'PSD2 payment consents signed with BankID. OAuth endpoints authenticate clients by private_key_jwt (RFC 7523) or ' +
        'tls_client_auth (RFC 8705); the others take an access token bound to a DPoP key (RFC 9449) or to the client’s ' +
        'certificate (RFC 8705). Errors are problem documents (RFC 9457), those of OAuth endpoints RFC 6749 error objects.',
      contact: { name: 'The operator of this service', url: issuer },
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: issuer }],
    tags: [
      { name: 'OAuth', description: 'Tokens and metadata of the authorization server' },
      { name: 'backchannel', description: 'Requests that reach the payer in an app, by a QR code or in a phone call' },
      { name: 'consents', description: 'One consent: its state, its consumption, its end' },
      { name: 'evidence', description: 'What was signed, for the bank and its auditors' },
      { name: 'documentation', description: 'Pages about this API and its problems' },
      { name: 'operation', description: 'Health of this instance' },
    ],
    components: { securitySchemes: securitySchemes(issuer) },
  };
}

type SecuritySchemes = NonNullable<NonNullable<OpenAPIObject['components']>['securitySchemes']>;

function securitySchemes(issuer: string): SecuritySchemes {
  const tokenUrl = `${issuer}/token`;
  return {
    accessToken: {
      type: 'oauth2',
      description:
        'Authorization: DPoP <access token>, together with a proof; or Authorization: Bearer <access token>, over TLS with the ' +
        'certificate that the token is bound to. A client has tokens of its own, and one for each consent or login.',
      flows: {
        clientCredentials: { tokenUrl, scopes: { ...scopes, evidence: 'Read and verify evidence of its bank' } },
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
