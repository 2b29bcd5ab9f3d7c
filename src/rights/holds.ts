import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clients } from '../clients/clients.ts';
import { Database } from '../database/database.ts';
import { findDay } from '../kernel/clock.ts';
import { isUuid } from '../kernel/ids.ts';
import { Envelope } from '../vault/envelope.ts';
import { personHashes } from '../vault/person-hash.ts';
import { ExportRequestError, parseCase, parsePeriod, parsePerson } from '../compliance/export-request.ts';
import {
  findSubject,
  insertHold,
  selectEndedRetentions,
  selectHolds,
  type Covered,
  type EndedRetention,
  type Hold,
} from './holds/hold.repository.ts';

export type { EndedRetention, Hold } from './holds/hold.repository.ts';

/** What the operator asks for, in words. One of `consent`, `login`, `person`, `tpp` and the period is given. */
export interface HoldWords {
  readonly consent?: string;
  readonly login?: string;
  /** Twelve digits. */
  readonly person?: string;
  readonly tpp?: string;
  readonly from?: string;
  readonly to?: string;
  readonly bank?: string;
  readonly case: string;
  /** YYYY-MM-DD. */
  readonly review: string;
}

/** Legal holds, and what they and the retention say of erasure. The eraser's function decides by the same rows. */
@Injectable()
export class Holds {
  constructor(
    private readonly database: Database,
    private readonly envelope: Envelope,
    private readonly clients: Clients,
  ) {}

  /**
   * Places a hold, which the chain of the consent or login, or the hold's own, records. An erasure that is under way is awaited.
   * @returns the id of the hold
   * @throws ExportRequestError for what is not one of these, or unknown, or erased
   */
  async place(words: HoldWords, actor: string): Promise<string> {
    const id = randomUUID();
    if (!findDay(words.review)) throw new ExportRequestError('--review is a day, as 2027-06-30');
    const caseReference = parseCase(words.case);
    const covered = await this.#coveredBy(words);
    try {
      await insertHold(this.database, { id, covered, caseReference, reviewOn: words.review, actor });
    } catch (error) {
      throw isOfErased(error) ? new ExportRequestError('it was erased: there is nothing to hold') : error;
    }
    return id;
  }

  /** All that were ever placed, oldest first. */
  list(): Promise<readonly Hold[]> {
    return selectHolds(this.database);
  }

  /** What is not erased although its retention has ended: under no hold, the next erasure takes it. */
  listEnded(): Promise<readonly EndedRetention[]> {
    return selectEndedRetentions(this.database);
  }

  async #coveredBy(words: HoldWords): Promise<Covered> {
    const { consent, login, person, tpp, from, to } = words;
    const given = [consent, login, person, tpp, from ?? to].filter((one) => one !== undefined);
    if (given.length !== 1)
      throw new ExportRequestError('a hold is on one of --consent, --login, --person, --tpp, or --from and --to');
    const bank = this.#bankOf(words);
    if (person !== undefined)
      return { covers: 'person', bank, personHashes: personHashes(this.envelope, parsePerson(person)) };
    if (tpp !== undefined) return { covers: 'client', bank, clientId: this.#knownClient(tpp, '--tpp') };
    const id = consent ?? login;
    if (id === undefined) return { covers: 'period', bank, ...parsePeriod({ from: from ?? '', to: to ?? '' }) };
    return { covers: 'subject', bank: undefined, subject: await this.#subjectOf(id, consent ? 'consent' : 'login') };
  }

  #bankOf({ bank, consent, login }: HoldWords): string | undefined {
    if (bank === undefined) return undefined;
    if (consent ?? login) throw new ExportRequestError('--bank goes with --person, --tpp or a period');
    return this.#knownClient(bank, '--bank');
  }

  #knownClient(id: string, option: string): string {
    if (!this.clients.findClient(id)) throw new ExportRequestError(`${option} names no registered client: ${id}`);
    return id;
  }

  async #subjectOf(id: string, kind: 'consent' | 'login'): Promise<string> {
    const subject = isUuid(id) ? await findSubject(this.database, id) : undefined;
    if (!subject?.startsWith(`${kind}:`)) throw new ExportRequestError(`there is no such ${kind}`);
    return subject;
  }
}

/** A rule of the table; see migrations/0011_rights.sql. */
function isOfErased(error: unknown): boolean {
  return (error as { readonly constraint?: unknown } | undefined)?.constraint === 'legal_hold_of_what_is_there';
}
