import type { X509Certificate } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import { hash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import { parseClientCert } from './client-cert-header.ts';

/** The certificate of a peer that has proven possession of its key in the TLS handshake. */
export interface ClientCertificate {
  readonly certificate: X509Certificate;
  /** SHA-256 of its DER, base64url (RFC 8705 §3.1). */
  readonly x5t: string;
}

/** Client certificates of requests: from our own TLS listener, or by RFC 9440 from a proxy that we trust. */
@Injectable()
export class ClientCertificates {
  readonly isEnabled: boolean;

  constructor(@Inject(CONFIG) config: AppConfig) {
    this.isEnabled = config.mtls !== undefined;
  }

  /**
   * Undefined if none was presented. The certificate of a trusted proxy's connection is the proxy's own, never the client's.
   * @throws DomainError `client.certificate-invalid`
   */
  find(request: Request): ClientCertificate | undefined {
    if (!this.isEnabled) return undefined;
    const certificate = isFromTrustedProxy(request) ? fromHeader(request) : fromConnection(request);
    return certificate && { certificate, x5t: hash('sha256', certificate.raw, 'base64url') };
  }
}

/** Whether the peer of this connection is one of TRUSTED_PROXIES. */
export function isFromTrustedProxy(request: Request): boolean {
  const isTrusted = request.app.get('trust proxy fn') as ((address: string, hop: number) => boolean) | undefined;
  const address = request.socket.remoteAddress;
  return address !== undefined && isTrusted?.(address, 0) === true;
}

function fromHeader(request: Request): X509Certificate | undefined {
  const header = request.headers['client-cert'];
  return typeof header === 'string' ? parseClientCert(header) : undefined;
}

function fromConnection({ socket }: Request): X509Certificate | undefined {
  return socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
}
