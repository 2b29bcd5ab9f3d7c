import { Injectable } from '@nestjs/common';
import { Clients, type Client } from '../clients/clients.ts';
import { parseBank, parseCase, parsePerson } from '../compliance/export-request.ts';
import { Database } from '../database/database.ts';
import { EvidenceStore } from '../evidence/evidence-store.ts';
import type { EvidenceId } from '../kernel/ids.ts';
import { Envelope } from '../vault/envelope.ts';
import { personHashes } from '../vault/person-hash.ts';
import { selectConsentsOfPerson, type ConsentOfPerson } from './subject/consents-of-person.repository.ts';
import type { ConsentOfAnswer, SubjectAnswer } from './subject/subject-answer.ts';
import { SubjectEvents } from './subject/subject-events.ts';

/** A person's request, in words: which bank, which person and which case. */
export interface PersonWords {
  readonly bank: string;
  /** Twelve digits. */
  readonly person: string;
  readonly case: string;
}

/** The same, checked. */
export interface PersonRequest {
  readonly bank: Client;
  readonly caseReference: string;
  /** Of that bank alone, oldest first. */
  readonly consents: readonly ConsentOfPerson[];
}

/** What a bank, which is the controller, has of a person. */
@Injectable()
export class SubjectAccess {
  constructor(
    private readonly database: Database,
    private readonly envelope: Envelope,
    private readonly clients: Clients,
    private readonly evidence: EvidenceStore,
    private readonly events: SubjectEvents,
  ) {}

  /** @throws ExportRequestError for an unknown bank, no personal number, or no case */
  async find(words: PersonWords): Promise<PersonRequest> {
    const caseReference = parseCase(words.case);
    const bank = parseBank(words.bank, this.clients);
    const hashes = personHashes(this.envelope, parsePerson(words.person));
    return { bank, caseReference, consents: await selectConsentsOfPerson(this.database, hashes, bank.id) };
  }

  /** Its answer. Names of readers, readings for an authority or against fraud, and holds are left out. */
  async describe({ bank, caseReference, consents }: PersonRequest): Promise<SubjectAnswer> {
    const described: ConsentOfAnswer[] = [];
    for (const { subject, evidenceId, ...consent } of consents) {
      const isSigner = consent.roles.includes('signer') && evidenceId !== undefined;
      const signedText = isSigner ? await this.#textOf(evidenceId, bank.id) : undefined;
      described.push({ ...consent, readings: await this.events.listReadings(subject), signedText });
    }
    return { bank: { id: bank.id, name: bank.name }, caseReference, consents: described };
  }

  async #textOf(evidenceId: EvidenceId, bank: string): Promise<string> {
    const { visibleText } = await this.evidence.getEvidence(evidenceId, bank);
    return Buffer.from(visibleText).toString('utf8');
  }
}
