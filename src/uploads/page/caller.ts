import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { DomainError } from '../../kernel/errors.ts';

/** The SHA-256 of the caller's certificate, which identifies the caller to the operator. @throws DomainError `caller.unauthenticated` */
export function callerOfConnection({ socket }: IncomingMessage): string {
  const certificate = socket instanceof TLSSocket && socket.authorized ? socket.getPeerX509Certificate() : undefined;
  if (!certificate) throw new DomainError('caller.unauthenticated');
  return `x5t#S256:${Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex').toString('base64url')}`;
}
