import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { DomainError } from '../../kernel/errors.ts';
import { checkCallerWaits } from '../../operations/current-request.ts';
import { ClientCertificates } from '../certificate/client-certificates.ts';
import { ProofOfPossession } from '../proof-of-possession.ts';
import { Replay } from '../replay.ts';
import type { TokenBinding } from '../token-binding.ts';

/** Proof of a key, or of a certificate, by a caller that has no token. Whose it is, the route finds out. */
@Injectable()
export class KeyProof {
  /** Whether client certificates are accepted. */
  readonly withCertificates: boolean;

  constructor(
    private readonly possession: ProofOfPossession,
    private readonly replay: Replay,
    certificates: ClientCertificates,
  ) {
    this.withCertificates = certificates.isEnabled;
  }

  /**
   * The key of the DPoP proof or, without a proof, the certificate of the connection.
   * @throws DomainError `caller.unauthenticated` if there is neither; `dpop.invalid`, `dpop.replayed`, `dpop.nonce-required`,
   *   `client.certificate-invalid`, `service.unavailable`
   */
  async check(request: Request): Promise<TokenBinding> {
    checkCallerWaits();
    if (request.headers['dpop'] !== undefined) {
      const proof = this.possession.checkProof(request);
      await this.replay.claim(proof.replay);
      return { kind: 'dpop', jkt: proof.jkt };
    }
    const x5t = this.possession.findCertificate(request);
    if (x5t !== undefined) return { kind: 'certificate', x5t };
    throw new DomainError('caller.unauthenticated', {
      detail: 'A proof of the key that the request is bound to, or an access token, is required.',
    });
  }
}
