import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { AudienceRule } from '../../clients/assertion-audiences.ts';
import type { AuthenticatedClient } from '../../client-auth/client-assertion.ts';
import { ClientRates } from '../../client-auth/client-rates.ts';
import type { Client, RateKind } from '../../clients/clients.ts';
import type { DpopProof } from '../../client-auth/dpop.ts';
import { ProofOfPossession } from '../../client-auth/proof-of-possession.ts';
import { Replay } from '../../client-auth/replay.ts';
import type { Form } from '../form/form.ts';
import { ClientAuthenticator } from './client-authenticator.ts';

/** Authenticates callers of the OAuth endpoints, counts them against their rate, and claims their proofs before any work is done. */
@Injectable()
export class Callers {
  constructor(
    private readonly authenticator: ClientAuthenticator,
    private readonly rates: ClientRates,
    private readonly possession: ProofOfPossession,
    private readonly replay: Replay,
  ) {}

  /** @throws DomainError as {@link ClientAuthenticator.authenticate}; `request.too-many`, `client.assertion-replayed` */
  async authenticate(request: Request, form: Form, kind: RateKind): Promise<Client> {
    const { client, replay } = await this.#admit(request, form, kind, 'issuer');
    await this.replay.claim(replay);
    return client;
  }

  /**
   * The caller with its DPoP proof, if it sent one. The assertion is claimed even if the DPoP proof is refused.
   * @param rule what the assertion may name as `aud` here
   * @throws DomainError as {@link authenticate}; `dpop.invalid`, `dpop.nonce-required`, `dpop.replayed`
   */
  async authenticateWithProof(
    request: Request,
    form: Form,
    kind: RateKind,
    rule: AudienceRule = 'issuer',
  ): Promise<{ readonly client: Client; readonly proof: DpopProof | undefined }> {
    const { client, replay } = await this.#admit(request, form, kind, rule);
    let proof: DpopProof | undefined;
    try {
      proof = request.headers['dpop'] === undefined ? undefined : this.possession.checkProof(request);
    } catch (refused) {
      await this.replay.claim(replay);
      throw refused;
    }
    await this.replay.claim(replay, proof?.replay);
    return { client, proof };
  }

  /** The rate is checked before the assertion is claimed, so that the same request may be sent again later. */
  async #admit(request: Request, form: Form, kind: RateKind, rule: AudienceRule): Promise<AuthenticatedClient> {
    const authenticated = this.authenticator.authenticate(request, form, rule);
    await this.rates.check(kind, authenticated.client);
    return authenticated;
  }
}
