import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { JWK } from 'jose';
import { asBank, asTpp, byAssertion } from './peer-registrations.ts';

/** For the tests beside oidc-provider alone: signed requests, certificates, signed answers, id_tokens. */
export interface PeerExtras {
  /** Pushes signed request objects only. */
  readonly signer: { readonly id: string; readonly publicJwk: JWK; readonly redirectUri: string };
  /** Known by the subject of its certificate. */
  readonly certified: { readonly id: string; readonly subject: string; readonly redirectUri: string };
  /** They get signed answers about tokens for their own resource, encrypted where they have a key. */
  readonly banks: readonly {
    readonly id: string;
    readonly publicJwk: JWK;
    readonly resource: string;
    readonly encryptionJwk?: JWK;
  }[];
  /** Where client certificates are requested. */
  readonly tls?: PeerTls;
}

export interface PeerTls {
  readonly port: number;
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly clientCaFile: string;
}

interface Context {
  readonly req: IncomingMessage;
}

const ALGORITHMS = ['ES256', 'PS256', 'EdDSA'];

export const extraAlgorithms = {
  requestObjectSigningAlgValues: ALGORITHMS,
  introspectionSigningAlgValues: ALGORITHMS,
  clientAuthMethods: ['private_key_jwt', 'tls_client_auth'],
  clientDefaults: { introspection_signed_response_alg: 'ES256', id_token_signed_response_alg: 'ES256' },
};

export function extraRegistrations({ signer, certified, banks }: PeerExtras): object[] {
  return [
    {
      ...asTpp(signer.redirectUri),
      require_pushed_authorization_requests: true,
      ...byAssertion(signer.id, [signer.publicJwk]),
      dpop_bound_access_tokens: true,
      require_signed_request_object: true,
      request_object_signing_alg: 'ES256',
    },
    {
      ...asTpp(certified.redirectUri),
      require_pushed_authorization_requests: true,
      client_id: certified.id,
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_subject_dn: certified.subject,
      tls_client_certificate_bound_access_tokens: true,
    },
    ...banks.map(({ id, publicJwk, encryptionJwk }) => ({
      ...byAssertion(id, encryptionJwk ? [publicJwk, encryptionJwk] : [publicJwk]),
      ...asBank,
      ...(encryptionJwk && {
        introspection_encrypted_response_alg: 'ECDH-ES',
        introspection_encrypted_response_enc: 'A256GCM',
      }),
    })),
  ];
}

export function extraFeatures({ banks }: PeerExtras): object {
  const resources = new Map(banks.map(({ id, resource }) => [id, resource]));
  return {
    requestObjects: { enabled: true },
    jwtIntrospection: { enabled: true },
    encryption: { enabled: true },
    userinfo: { enabled: true },
    mTLS: {
      enabled: true,
      certificateBoundAccessTokens: true,
      tlsClientAuth: true,
      getCertificate,
      certificateAuthorized: ({ req: { socket } }: Context) => socket instanceof TLSSocket && socket.authorized,
      certificateSubjectMatches: (context: Context, _property: string, expected: string) =>
        subjectOf(getCertificate(context)) === expected,
    },
    introspection: {
      enabled: true,
      allowedPolicy: (_context: unknown, { clientId }: { clientId: string }, { aud }: { aud?: string }) =>
        aud !== undefined && resources.get(clientId) === aud,
    },
  };
}

/** As OpenSSL has verified it for the connection: none of our own code takes part. */
function getCertificate({ req: { socket } }: Context): X509Certificate | undefined {
  return socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
}

/** RFC 4514 writes the last attribute first. */
function subjectOf(certificate: X509Certificate | undefined): string | undefined {
  return certificate?.subject.split('\n').reverse().join(',');
}

/** For a listener that requests certificates and leaves their verdict to the provider. */
export function tlsOptions({ certificateFile, keyFile, clientCaFile }: PeerTls): object {
  const [cert, key, ca] = [certificateFile, keyFile, clientCaFile].map((file) => readFileSync(file, 'utf8'));
  return { cert, key, ca, requestCert: true, rejectUnauthorized: false };
}
