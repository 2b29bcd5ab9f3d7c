import { Inject, Injectable } from '@nestjs/common';
import { hashToken } from '../../client-auth/access-tokens.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { ClientId } from '../../kernel/ids.ts';
import { batched } from '../../database/batched.ts';
import { Database } from '../../database/database.ts';
import { CLOCK } from '../../operations/clock.ts';
import { findTokenFacts, type TokenQuery, type TokenFacts } from './token-facts.repository.ts';

/** Looks up what banks ask at the same time together, and keeps nothing of it: a revocation counts at once. */
@Injectable()
export class TokenLookup {
  readonly #findFacts: (query: TokenQuery) => Promise<TokenFacts | undefined>;

  constructor(
    database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.#findFacts = batched((queries) => findTokenFacts(database, queries));
  }

  find(token: string, bank: ClientId): Promise<TokenFacts | undefined> {
    return this.#findFacts({ tokenHash: hashToken(token), bank, now: this.clock.now() });
  }
}
