import { Injectable } from '@nestjs/common';
import { Clients } from '../clients/clients.ts';
import { Database } from '../database/database.ts';
import { EvidenceStore } from '../evidence/evidence-store.ts';
import type { EvidenceId } from '../kernel/ids.ts';
import { Envelope } from '../vault/envelope.ts';
import { personHashes } from '../vault/person-hash.ts';
import { ExportRequestError, parseCase, parsePerson } from '../compliance/export-request.ts';
import { selectConsentsOfPerson, type ConsentOfPerson } from './subject/consents-of-person.repository.ts';
import { SubjectEvents } from './subject/subject-events.ts';

/** A consent as its person is told of it. */
export interface ToldConsent extends Omit<ConsentOfPerson, 'subject' | 'evidenceId'> {
  /** What the person read and signed; undefined where another person signed, or none. */
  readonly signedText: string | undefined;
}

/** What one bank has of a person here. */
export interface SubjectAnswer {
  readonly bank: string;
  readonly consents: readonly ToldConsent[];
}

/**
 * Answers a person's request for access (GDPR Art. 15) for one bank, which is the controller. Readers, authorities and holds are left
 * out. Each consent that it tells of gets an event first, with the reference of the case.
 */
@Injectable()
export class SubjectAccess {
  constructor(
    private readonly database: Database,
    private readonly envelope: Envelope,
    private readonly clients: Clients,
    private readonly evidence: EvidenceStore,
    private readonly recorded: SubjectEvents,
  ) {}

  /** @throws ExportRequestError for an unknown bank, no personal number, or no case */
  async answer(bank: string, person: string, words: string, actor: string): Promise<SubjectAnswer> {
    const caseReference = parseCase(words);
    if (this.clients.findClient(bank)?.role !== 'bank')
      throw new ExportRequestError(`--bank names no registered bank: ${bank}`);
    const hashes = personHashes(this.envelope, parsePerson(person));
    const found = await selectConsentsOfPerson(this.database, hashes, bank);
    const consents: ToldConsent[] = [];
    for (const { subject, evidenceId, ...told } of found) {
      await this.recorded.append(subject, actor, caseReference);
      const isSigner = told.roles.includes('signer') && evidenceId !== undefined;
      consents.push({ ...told, signedText: isSigner ? await this.#textOf(evidenceId, bank) : undefined });
    }
    return { bank, consents };
  }

  async #textOf(evidenceId: EvidenceId, bank: string): Promise<string> {
    const { visibleText } = await this.evidence.getEvidence(evidenceId, bank);
    return Buffer.from(visibleText).toString('utf8');
  }
}
