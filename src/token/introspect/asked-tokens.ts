import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database.ts';
import { Gathering } from '../../platform/gathering.ts';
import type { Row } from '../../platform/rows.ts';
import { UntakenProof } from '../../tpp/replay.ts';
import { findTokenFacts, parseFacts, type AskedToken, type TokenFacts } from './token-facts.repository.ts';

/** What banks ask at the same time is looked up together; nothing of it is remembered: a revocation counts at once. */
@Injectable()
export class AskedTokens {
  readonly #gathering: Gathering<AskedToken, Row>;

  constructor(database: Database) {
    this.#gathering = new Gathering((questions) => findTokenFacts(database, questions));
  }

  /** @throws UntakenProof `client.assertion-replayed` */
  async find(question: AskedToken): Promise<TokenFacts | undefined> {
    const facts = parseFacts(await this.#gathering.ask(question));
    if (facts !== 'untaken') return facts;
    throw question.assertion ? new UntakenProof(question.assertion) : new TypeError('no proof, and none taken');
  }
}
