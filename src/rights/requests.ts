import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clients } from '../clients/clients.ts';
import { ExportRequestError, parseBank, parseCase, parseConsent } from '../compliance/export-request.ts';
import { Database, type Scope } from '../database/database.ts';
import { formatInstant } from '../kernel/clock.ts';
import { isUuid } from '../kernel/ids.ts';
import { consentSubject } from '../kernel/subject.ts';
import { selectEndedRetentions, selectHold, selectRetention } from './holds/hold.repository.ts';
import {
  insertRequest,
  selectRequest,
  selectRequestedSubjects,
  selectRequests,
  type NewRequest,
  type RequestedSubject,
  type StewardRequest,
} from './requests/request.repository.ts';

export type { RequestedSubject, StewardRequest } from './requests/request.repository.ts';

/** What was asked for, and of how many consents. */
export interface Asked {
  readonly request: string;
  readonly consents: number;
}

/** The most consents of one erasure; the database has the same limit. */
const MAX_CONSENTS = 10_000;
const PAGE = 500;
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Requests for what two persons decide. Nothing happens before the second one has approved it, and a steward carries it out. */
@Injectable()
export class Requests {
  constructor(
    private readonly database: Database,
    private readonly clients: Clients,
  ) {}

  /**
   * Asks for the erasure of what is due at a bank, the longest ended first, or of consents by their ids, all of them or none.
   * @throws ExportRequestError where nothing is due, or a consent is unknown, kept by its retention, or held
   */
  async askForErasure(
    words: { readonly bank: string; readonly case: string; readonly consent?: readonly string[] },
    actor: string,
  ): Promise<Asked> {
    const caseReference = parseCase(words.case);
    const bank = parseBank(words.bank, this.clients).id;
    const subjects = words.consent ? await this.#named(bank, words.consent) : await this.#due(bank);
    const id = await this.#insert({ caseReference, requestedBy: actor, asked: { action: 'erase', bank, subjects } });
    return { request: id, consents: subjects.length };
  }

  /** Asks for the release of a hold that stands. @throws ExportRequestError where there is none */
  async askForRelease(hold: string, words: string, actor: string): Promise<string> {
    const caseReference = parseCase(words);
    if (!isUuid(hold)) throw new ExportRequestError('a hold is named by its id, as "sigill hold list" shows it');
    const found = await selectHold(this.database, hold);
    if (!found) throw new ExportRequestError('there is no such hold, or it was released before');
    const asked = { action: 'release', hold, bank: found.bank } as const;
    return this.#insert({ caseReference, requestedBy: actor, asked });
  }

  /** Asks for the approval of an answer to a person, by the SHA-256 of the document. The words are checked by the caller. */
  askForAnswer(bank: string, caseReference: string, answerSha256: Buffer, actor: string): Promise<string> {
    return this.#insert({ caseReference, requestedBy: actor, asked: { action: 'answer', bank, answerSha256 } });
  }

  async #insert(request: Omit<NewRequest, 'id'>): Promise<string> {
    const id = randomUUID();
    await insertRequest(this.database, { id, ...request });
    return id;
  }

  async #due(bank: string): Promise<readonly string[]> {
    const ended = await selectEndedRetentions(this.database);
    const due = ended.filter(({ subject, holds }) => subject.startsWith(`consent:${bank}:`) && holds.length === 0);
    if (due.length === 0) throw new ExportRequestError('nothing is due at this bank');
    return due.slice(0, MAX_CONSENTS).map(({ subject }) => subject);
  }

  async #named(bank: string, ids: readonly string[]): Promise<readonly string[]> {
    if (ids.length > MAX_CONSENTS) throw new ExportRequestError(`a request names at most ${MAX_CONSENTS} consents`);
    const subjects = [...new Set(ids.map((id) => consentSubject(bank, parseConsent(id))))];
    for (const subject of subjects) await this.#checkDue(subject);
    return subjects;
  }

  /** The database checks it again when the time has come. */
  async #checkDue(subject: string): Promise<void> {
    const found = await selectRetention(this.database, subject);
    const id = subject.slice(-36);
    if (!found) throw new ExportRequestError(`there is no such consent at this bank, or it was erased: ${id}`);
    if (!found.hasEnded)
      throw new ExportRequestError(`the retention of ${id} ends at ${formatInstant(found.endsAt)}: never earlier`);
    if (found.isHeld) throw new ExportRequestError(`a hold keeps ${id}`);
  }
}

/** All requests, the newest first, by any login that may read them. */
export async function* listRequests(scope: Scope): AsyncGenerator<StewardRequest> {
  let before: { readonly at: Date | 'infinity'; readonly id: string } = { at: 'infinity', id: LAST_ID };
  for (;;) {
    const page = await selectRequests(scope, before, PAGE);
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    before = { at: last.requestedAt, id: last.id };
  }
}

/** One of them with its consents; undefined where there is none. */
export async function findRequest(
  scope: Scope,
  id: string,
): Promise<(StewardRequest & { readonly subjects: readonly RequestedSubject[] }) | undefined> {
  const found = isUuid(id) ? await selectRequest(scope, id) : undefined;
  return found && { ...found, subjects: await selectRequestedSubjects(scope, id) };
}
