import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import type { Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { CLOCK } from '../../platform/clock.ts';
import { Database } from '../../platform/database.ts';
import type { Caller } from '../access.ts';
import { findLiveAccessToken, type AccessToken } from '../access-tokens.ts';
import { Clients, type Client } from '../clients.ts';
import { checkDpopProof } from '../dpop.ts';
import { burnJti } from '../replay.ts';

interface Presented {
  readonly token: string;
  readonly tokenHash: Buffer;
  readonly proof: string | readonly string[] | undefined;
  readonly method: string;
  readonly path: string;
}

/** Proves who calls: the token lives, its client is registered, and the caller holds the key that the token is bound to. */
@Injectable()
export class CallerProof {
  readonly #database: Database;
  readonly #clients: Clients;
  readonly #clock: Clock;
  readonly #issuer: string;

  constructor(database: Database, clients: Clients, @Inject(CLOCK) clock: Clock, @Inject(CONFIG) config: AppConfig) {
    this.#database = database;
    this.#clients = clients;
    this.#clock = clock;
    this.#issuer = config.issuer;
  }

  /** @throws DomainError `caller.unauthenticated`, `dpop.missing`, `dpop.invalid`, `dpop.replayed` */
  async check(presented: Presented): Promise<{ readonly token: AccessToken; readonly caller: Caller }> {
    const now = this.#clock.now();
    const token = await findLiveAccessToken(this.#database, presented.tokenHash, now);
    const client = token && this.#clients.findClient(token.clientId);
    if (!token || !client) throw unauthenticated('The access token is unknown, expired or revoked.');
    const uri = `${this.#issuer}${presented.path}`;
    const proof = await checkDpopProof(
      { header: presented.proof, method: presented.method, uri, accessToken: presented.token },
      now,
    );
    if (proof.jkt !== token.jkt) throw unauthenticated('The access token is bound to another key.');
    await burnJti(this.#database, [proof.replay]);
    return { token, caller: toCaller(client, token) };
  }
}

function toCaller(client: Client, token: AccessToken): Caller {
  return {
    clientId: client.id,
    name: client.name,
    role: client.role,
    bank: client.role === 'bank' ? client.id : client.bank,
    consentId: token.kind === 'consent' ? token.consentId : undefined,
  };
}

function unauthenticated(detail: string): DomainError {
  return new DomainError('caller.unauthenticated', { detail });
}
