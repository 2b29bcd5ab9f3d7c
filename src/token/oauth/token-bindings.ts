import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { DomainError } from '../../kernel/errors.ts';
import type { Client } from '../../clients/clients.ts';
import type { DpopProof } from '../../client-auth/dpop.ts';
import { ProofOfPossession } from '../../client-auth/proof-of-possession.ts';
import type { TokenBinding } from '../../client-auth/token-binding.ts';

/** What a token is bound to: a DPoP key or a client certificate, and nothing else (FAPI 2.0 §5.3.2.1). */
@Injectable()
export class TokenBindings {
  constructor(private readonly possession: ProofOfPossession) {}

  /**
   * The key of the DPoP proof or, without a proof, the certificate of the connection, unless the client is registered for DPoP only.
   * @throws DomainError `dpop.missing` if there is neither
   * @see RFC 9449 §5.2
   */
  getBinding(request: Request, client: Client, proof: DpopProof | undefined): TokenBinding {
    if (proof) return { kind: 'dpop', jkt: proof.jkt };
    if (client.dpopBoundAccessTokens) throw new DomainError('dpop.missing', { detail: 'This client must use DPoP.' });
    const x5t = this.possession.findCertificate(request);
    if (x5t === undefined) throw new DomainError('dpop.missing');
    return { kind: 'certificate', x5t };
  }
}
