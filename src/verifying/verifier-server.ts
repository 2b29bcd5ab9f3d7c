import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { VerifierConfig } from '../config/parse-verifier-config.ts';
import { SECOND_MS, type Clock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import { SigningKeys } from '../keys/signing-keys.ts';
import { describeError } from '../platform/describe-error.ts';
import { createLogger } from '../platform/logging.ts';
import { UploadVerifier } from './upload-verifier.ts';
import { VERDICT_TYPE, verdictClaims } from './verdict.ts';
import { handleVerifier, type VerifierRoutes } from './verifier-http.ts';
import { serverSettings } from './verify-settings.ts';

export interface VerifierServer {
  readonly port: number;
  close(): Promise<void>;
}

type Logger = ReturnType<typeof createLogger>;

/**
 * `POST /evidence/verify` by itself: no database, no state, callers known by their certificates (mTLS), the audit line in the
 * log. In the sandbox it may do without TLS, on loopback.
 */
export async function startVerifierServer(
  config: VerifierConfig,
  clock: Clock,
  log: Logger = createLogger(config.logLevel),
): Promise<VerifierServer> {
  const { environment, signatureRoot, relyingParty } = config;
  const verifier = new UploadVerifier(serverSettings(environment, signatureRoot, relyingParty, clock.now()));
  const routes: VerifierRoutes = {
    environment,
    verifier,
    clock,
    ...verdictsOf(config),
    callerOf: config.tls ? certificateOf : () => 'loopback',
    audit: (line) => log.info({ msg: 'upload verified', ...line }),
    failed: (error, requestId) => log.error({ msg: 'request failed', requestId, err: describeError(error) }),
  };
  const server = createServer(config, (request, response) => void handleVerifier(routes, request, response));
  server.listen(config.port, config.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, close: () => close(server, verifier) };
}

/** Who signs verdicts, and the keys by which that is checked. */
export function verdictsOf({
  environment,
  verdicts,
}: Pick<VerifierConfig, 'environment' | 'verdicts'>): Pick<VerifierRoutes, 'signVerdict' | 'jwks'> {
  if (!verdicts) return { signVerdict: undefined, jwks: () => ({ keys: [] }) };
  const keys = new SigningKeys(verdicts.keys);
  return {
    jwks: () => keys.jwks(),
    signVerdict: (report, upload, at) => {
      const claims = verdictClaims({ issuer: verdicts.issuer, environment, policy: 'bankid', at, upload, report });
      return keys.sign('verdicts', Buffer.from(JSON.stringify(claims), 'utf8'), { typ: VERDICT_TYPE });
    },
  };
}

/** A client that is slow on purpose is let go. */
const timeouts = { headersTimeout: 10 * SECOND_MS, requestTimeout: 30 * SECOND_MS };

function createServer({ tls }: VerifierConfig, handle: Parameters<typeof createHttpServer>[1]): Server {
  if (!tls) return createHttpServer(timeouts, handle);
  return createHttpsServer(
    {
      ...timeouts,
      cert: tls.certificate,
      key: tls.key.reveal(),
      ca: tls.clientCa,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
    },
    handle,
  );
}

/** The SHA-256 of the caller's certificate: who that is, the operator knows. @throws DomainError `caller.unauthenticated` */
function certificateOf({ socket }: IncomingMessage): string {
  const certificate = socket instanceof TLSSocket && socket.authorized ? socket.getPeerX509Certificate() : undefined;
  if (!certificate) throw new DomainError('caller.unauthenticated');
  return `x5t#S256:${Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex').toString('base64url')}`;
}

async function close(server: Server, verifier: UploadVerifier): Promise<void> {
  server.close();
  server.closeAllConnections();
  await verifier.close();
}
