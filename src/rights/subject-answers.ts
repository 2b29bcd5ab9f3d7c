import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ExportRequestError } from '../compliance/export-request.ts';
import { Database } from '../database/database.ts';
import type { Language } from '../design/language.ts';
import { subjectLetter } from './letters/subject-letter.ts';
import { findRequest, Requests } from './requests.ts';
import { SubjectAccess, type PersonRequest, type PersonWords } from './subject-access.ts';
import { SubjectEvents } from './subject/subject-events.ts';

/** A letter, or the same as JSON. */
export type AnswerForm = Language | 'json';

export interface Draft {
  readonly request: string;
  /** The document as it leaves when it is approved, octet for octet. */
  readonly document: string;
}

/**
 * Answers a person who asks what a bank has of them. One person makes a draft, a second one approves the very document, and it is made
 * again, and the same, when it leaves: nothing of it is stored but its SHA-256.
 */
@Injectable()
export class SubjectAnswers {
  constructor(
    private readonly database: Database,
    private readonly access: SubjectAccess,
    private readonly requests: Requests,
    private readonly events: SubjectEvents,
  ) {}

  /** Asks for the approval of the document. @throws ExportRequestError for an unknown bank, no personal number, or no case */
  async draft(words: PersonWords, form: AnswerForm, actor: string): Promise<Draft> {
    const found = await this.access.find(words);
    const document = await this.#documentOf(found, form);
    const { bank, caseReference } = found;
    const request = await this.requests.askForAnswer(bank.id, caseReference, sha256(document), actor);
    await this.#record(found, 'subject.drafted', actor, { request });
    return { request, document };
  }

  /**
   * The document that was approved. Each consent in it gets an event first.
   * @throws ExportRequestError unless the request approves this very document
   */
  async answer(request: string, words: PersonWords, form: AnswerForm, actor: string): Promise<string> {
    const approved = await findRequest(this.database, request);
    if (approved?.action !== 'answer') throw new ExportRequestError('there is no such answer');
    if (approved.state !== 'approved') throw new ExportRequestError(`the answer is ${approved.state}`);
    const found = await this.access.find(words);
    const document = await this.#documentOf(found, form);
    if (approved.bank !== found.bank.id || approved.answerSha256 !== sha256(document).toString('hex'))
      throw new ExportRequestError('this is not what was approved: make a new draft');
    await this.#record(found, 'subject.answered', actor, { request, approvedBy: approved.decidedBy ?? '' });
    return document;
  }

  async #documentOf(found: PersonRequest, form: AnswerForm): Promise<string> {
    const answer = await this.access.describe(found);
    return form === 'json' ? `${JSON.stringify(answer, undefined, 2)}\n` : subjectLetter(answer, form);
  }

  async #record(
    { consents, caseReference }: PersonRequest,
    type: 'subject.drafted' | 'subject.answered',
    actor: string,
    detail: Readonly<Record<string, string>>,
  ): Promise<void> {
    for (const { subject } of consents)
      await this.events.append(subject, type, actor, { case: caseReference, ...detail });
  }
}

function sha256(document: string): Buffer {
  return createHash('sha256').update(document).digest();
}
