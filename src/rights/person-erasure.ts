import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.ts';
import type { Language } from '../design/language.ts';
import { formatInstant } from '../kernel/clock.ts';
import { selectRetention } from './holds/hold.repository.ts';
import { refusalLetter, type KeptConsent } from './letters/refusal-letter.ts';
import { Requests } from './requests.ts';
import { SubjectAccess, type PersonWords } from './subject-access.ts';
import type { ConsentOfPerson } from './subject/consents-of-person.repository.ts';
import { SubjectEvents } from './subject/subject-events.ts';

/** What became of a person's request to be erased. */
export interface PersonErasureAnswer {
  /** What the bank sends. */
  readonly letter: string;
  /** The request for what is due; undefined where nothing is. */
  readonly request: string | undefined;
  readonly refused: number;
  readonly due: number;
  /** Consents whose retention has ended and that holds keep. The letter does not speak of them: what to say is the bank's decision. */
  readonly held: number;
}

/**
 * Answers a person who asks a bank to erase (GDPR Art. 17). Nothing is erased before its retention ends; what is due is asked for, as
 * any erasure, and a second person decides.
 */
@Injectable()
export class PersonErasure {
  constructor(
    private readonly database: Database,
    private readonly access: SubjectAccess,
    private readonly requests: Requests,
    private readonly events: SubjectEvents,
  ) {}

  /** Each consent that is refused gets an event with the day. @throws ExportRequestError */
  async ask(words: PersonWords, language: Language, actor: string): Promise<PersonErasureAnswer> {
    const { bank, caseReference, consents } = await this.access.find(words);
    const { kept, due, held } = await this.#sort(consents);
    for (const { subject, retentionEndsAt, rule } of kept)
      await this.events.append(subject, 'erasure.refused', actor, {
        case: caseReference,
        until: formatInstant(retentionEndsAt),
        because: rule,
      });
    const asked = due.length > 0 && { bank: bank.id, case: caseReference, consent: due.map((one) => one.consentId) };
    const request = asked ? (await this.requests.askForErasure(asked, actor)).request : undefined;
    const told = kept.map((one): KeptConsent => ({ ...one, tpp: one.tpp.name }));
    const letter = refusalLetter({ bankName: bank.name, caseReference, kept: told, due: due.length }, language);
    return { letter, request, refused: kept.length, due: due.length, held };
  }

  async #sort(consents: readonly ConsentOfPerson[]) {
    const [kept, due]: [ConsentOfPerson[], ConsentOfPerson[]] = [[], []];
    let held = 0;
    for (const consent of consents) {
      const retention = await selectRetention(this.database, consent.subject);
      if (!retention) continue;
      if (!retention.hasEnded) kept.push(consent);
      else if (retention.isHeld) held += 1;
      else due.push(consent);
    }
    return { kept, due, held };
  }
}
