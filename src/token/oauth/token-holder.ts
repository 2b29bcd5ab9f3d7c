import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { DomainError } from '../../kernel/errors.ts';
import type { Client } from '../../clients/clients.ts';
import type { DpopProof } from '../../client-auth/dpop.ts';
import { HolderProofs } from '../../client-auth/holder-proofs.ts';
import type { TokenBinding } from '../../client-auth/token-binding.ts';

/** With what the sender of a request can be bound to a token: there are no others (FAPI 2.0 §5.3.2.1). */
@Injectable()
export class TokenHolder {
  constructor(private readonly holders: HolderProofs) {}

  /**
   * The key of the DPoP proof, or without one the certificate of the connection, unless the client is registered for DPoP alone.
   * @throws DomainError `dpop.missing` when there is neither
   * @see RFC 9449 §5.2
   */
  getBinding(request: Request, client: Client, proof: DpopProof | undefined): TokenBinding {
    if (proof) return { kind: 'dpop', jkt: proof.jkt };
    if (client.dpopBoundAccessTokens) throw new DomainError('dpop.missing', { detail: 'This client proves by DPoP.' });
    const x5t = this.holders.findCertificate(request);
    if (x5t === undefined) throw new DomainError('dpop.missing');
    return { kind: 'certificate', x5t };
  }
}
