import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import Provider, { errors, type Adapter } from 'oidc-provider';
import type { JWK } from 'jose';
import { parseAuthorizationDetails } from '../../src/payment/initiation.ts';
import {
  extraAlgorithms,
  extraFeatures,
  extraRegistrations,
  tlsOptions,
  type PeerExtras,
  type PeerTls,
} from './peer-extras.ts';
import { asBank, asTpp, byAssertion } from './peer-registrations.ts';

export interface PeerParty {
  readonly id: string;
  readonly publicJwk: JWK;
}

export interface PeerOptions {
  readonly issuer: string;
  readonly signingJwk: JWK;
  readonly tpps: readonly (PeerParty & { readonly redirectUri: string })[];
  readonly bank: PeerParty & { readonly resource: string };
  /** Where models are stored; in memory where left out. */
  readonly adapter?: (model: string) => Adapter;
  /** For the tests beside oidc-provider; the benchmark leaves it out. */
  readonly extras?: PeerExtras;
}

const ACCOUNT = 'payer';
const DPOP = { dpop_bound_access_tokens: true, require_pushed_authorization_requests: true };

/** oidc-provider, configured to do what our server does: FAPI 2.0, pushed requests, DPoP, payment_initiation, opaque tokens. */
export function createPeer(options: PeerOptions): Provider {
  return new Provider(options.issuer, {
    ...(options.adapter ? { adapter: options.adapter } : {}),
    clients: registrations(options),
    clientAuthMethods: ['private_key_jwt'],
    ...(options.extras ? extraAlgorithms : {}),
    jwks: { keys: [options.signingJwk] },
    cookies: { keys: ['of no consequence'] },
    responseTypes: ['code'],
    scopes: [],
    findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    ttl: {
      AccessToken: 300,
      ClientCredentials: 300,
      AuthorizationCode: 60,
      Grant: 3600,
      Interaction: 300,
      Session: 300,
    },
    features: { ...features(options.bank.resource), ...(options.extras ? extraFeatures(options.extras) : {}) },
  });
}

function registrations({ tpps, bank, extras }: PeerOptions): object[] {
  return [
    ...tpps.map(({ id, publicJwk, redirectUri }) => ({
      ...byAssertion(id, [publicJwk]),
      ...DPOP,
      ...asTpp(redirectUri),
    })),
    ...(extras ? extraRegistrations(extras) : [{ ...byAssertion(bank.id, [bank.publicJwk]), ...asBank }]),
  ];
}

function features(resource: string): object {
  const asGranted = (_context: unknown, of: { rar?: unknown; params?: { authorization_details?: string } }): unknown =>
    of.rar;
  return {
    devInteractions: { enabled: false },
    userinfo: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    fapi: { enabled: true, profile: '2.0' },
    dPoP: { enabled: true },
    clientCredentials: { enabled: true },
    pushedAuthorizationRequests: {
      enabled: true,
      requirePushedAuthorizationRequests: true,
      allowUnregisteredRedirectUris: true,
    },
    introspection: { enabled: true, allowedPolicy: () => true },
    revocation: { enabled: true, allowedPolicy: () => true },
    resourceIndicators: {
      enabled: true,
      defaultResource: ({ oidc }: { oidc: { params?: { scope?: string } } }, _client: unknown, one?: string) =>
        one ?? (oidc.params?.scope?.includes('openid') === true ? undefined : resource),
      useGrantedResource: () => true,
      getResourceServerInfo: (_context: unknown, audience: string) => ({
        scope: '',
        audience,
        accessTokenFormat: 'opaque',
      }),
    },
    richAuthorizationRequests: {
      enabled: true,
      types: { payment_initiation: { validate: (_context: unknown, detail: unknown) => validate(detail) } },
      authorizationDetailsForGrantSource: grantedDetails,
      authorizationDetailsForAccessToken: (context: unknown, _token: unknown, source: { rar?: unknown }) =>
        asGranted(context, source),
      authorizationDetailsForIntrospection: asGranted,
    },
  };
}

function grantedDetails({ oidc }: { oidc: { params: { authorization_details?: string } } }): unknown {
  return JSON.parse(oidc.params.authorization_details ?? '[]');
}

function validate(detail: unknown): void {
  try {
    parseAuthorizationDetails([detail]);
  } catch {
    throw new errors['InvalidAuthorizationDetails']('not a payment');
  }
}

/** The provider behind HTTP; a POST to the interaction is the payer who says yes. */
export function servePeer(provider: Provider): Server {
  const callback = provider.callback();
  return createServer((request, response) => {
    if (request.method !== 'POST' || !request.url?.startsWith('/interaction/')) return callback(request, response);
    settle(provider, request, response).catch(() => response.writeHead(500).end());
  });
}

/** The same provider for clients with certificates. */
export function servePeerOverTls(provider: Provider, tls: PeerTls): void {
  createTlsServer(tlsOptions(tls), provider.callback()).listen(tls.port, '127.0.0.1');
}

async function settle(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { params } = await provider.interactionDetails(request, response);
  const grant = new provider.Grant({ accountId: ACCOUNT, clientId: String(params['client_id']) });
  const details = params['authorization_details'];
  for (const detail of typeof details === 'string' ? (JSON.parse(details) as unknown[]) : []) grant.addRar(detail);
  if (String(params['scope']).includes('openid')) grant.addOIDCScope('openid');
  const consent = { grantId: await grant.save() };
  await provider.interactionFinished(request, response, { login: { accountId: ACCOUNT }, consent });
}
