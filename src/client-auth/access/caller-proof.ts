import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database } from '../../database/database.ts';
import { checkCallerWaits, noteClaimedClient } from '../../operations/current-request.ts';
import type { Caller } from '../access.ts';
import { findLiveAccessToken, type AccessToken } from '../access-tokens.ts';
import { Clients, type Client } from '../../clients/clients.ts';
import { ProofOfPossession } from '../proof-of-possession.ts';
import { Replay } from '../replay.ts';
import { tokenTypeOf, type TokenBinding } from '../token-binding.ts';
import type { Scheme } from './challenge.ts';

interface Presented {
  readonly scheme: Scheme;
  readonly token: string;
  readonly tokenHash: Buffer;
}

/** A caller with the token that it came with. */
export interface ProvenCaller {
  readonly token: AccessToken;
  readonly caller: Caller;
}

/** Authenticates a caller: the token is live, its client is registered, and the caller holds the key that the token is bound to. */
@Injectable()
export class CallerProof {
  constructor(
    private readonly database: Database,
    private readonly clients: Clients,
    private readonly possession: ProofOfPossession,
    private readonly replay: Replay,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * @throws DomainError `caller.unauthenticated`, `dpop.missing`, `dpop.invalid`, `dpop.replayed`, `dpop.nonce-required`,
   *   `client.certificate-invalid`, `service.unavailable`
   */
  async check(request: Request, presented: Presented): Promise<ProvenCaller> {
    checkCallerWaits();
    const now = this.clock.now();
    const token = await findLiveAccessToken(this.database, presented.tokenHash, now);
    const client = token && this.clients.findClient(token.clientId);
    if (!token || !client) throw unauthenticated('The access token is unknown, expired or revoked.');
    noteClaimedClient(client.id);
    await this.#checkPossession(request, presented, token.binding);
    return { token, caller: toCaller(client, token) };
  }

  async #checkPossession(request: Request, { scheme, token }: Presented, binding: TokenBinding): Promise<void> {
    if (scheme !== tokenTypeOf(binding).toLowerCase()) throw unauthenticated(otherScheme(binding));
    if (binding.kind === 'certificate') {
      if (this.possession.findCertificate(request) !== binding.x5t) throw otherKey();
      return;
    }
    const proof = this.possession.checkProof(request, token);
    if (proof.jkt !== binding.jkt) throw otherKey();
    await this.replay.claim(proof.replay);
  }
}

function toCaller(client: Client, token: AccessToken): Caller {
  return {
    clientId: client.id,
    name: client.name,
    role: client.role,
    bank: client.role === 'bank' ? client.id : client.bank,
    consentId: token.kind === 'consent' ? token.consentId : undefined,
    loginId: token.kind === 'login' ? token.loginId : undefined,
  };
}

function otherScheme({ kind }: TokenBinding): string {
  return kind === 'dpop'
    ? 'The access token is bound to a key: its scheme is DPoP, with a DPoP proof.'
    : 'The access token is bound to a certificate: its scheme is Bearer.';
}

function otherKey(): DomainError {
  return unauthenticated('The access token is bound to another key.');
}

function unauthenticated(detail: string): DomainError {
  return new DomainError('caller.unauthenticated', { detail });
}
