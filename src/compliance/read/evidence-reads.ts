import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.ts';
import { evidenceFolder } from '../../evidence-files/evidence-folder.ts';
import { EvidenceStore } from '../../evidence/evidence-store.ts';
import { EvidenceVerification } from '../../evidence/evidence-verification.ts';
import type { Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { parseConsentId, parseEvidenceId, type ConsentId } from '../../kernel/ids.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { consentSubject } from '../../kernel/subject.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database } from '../../database/database.ts';
import type { Caller } from '../../client-auth/access.ts';
import type { Report } from '../../verification/report.ts';
import type { ReadingPurpose } from '../../uploads/purpose.ts';
import { bankOf } from './bank-of.ts';
import { packFolder } from '../../crypto/zip/zip-writer.ts';
import { evidenceToJson, summaryToJson } from './represent-evidence.ts';

/** Evidence for a bank and its auditors. Each reading is recorded in the consent's chain before the answer is sent. */
@Injectable()
export class EvidenceReads {
  constructor(
    private readonly store: EvidenceStore,
    private readonly verification: EvidenceVerification,
    private readonly trail: AuditTrail,
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The evidence of a consent, the accepted one first.
   * @throws DomainError `evidence.not-found` for a consent without evidence, and for one of another bank
   */
  async listEvidence(consentId: string, caller: Caller, purpose: ReadingPurpose): Promise<JsonObject> {
    const bank = bankOf(caller);
    const found = await this.store.findEvidence(this.database, parseConsentId(consentId), bank);
    const [first] = found;
    if (!first) throw new DomainError('evidence.not-found');
    await this.#record('evidence.listed', caller, first.consentId, { purpose });
    return { evidence: found.map(summaryToJson) };
  }

  /** @throws DomainError `evidence.not-found` */
  async readEvidence(evidenceId: string, caller: Caller, purpose: ReadingPurpose): Promise<JsonObject> {
    const evidence = await this.store.getEvidence(parseEvidenceId(evidenceId), bankOf(caller));
    await this.#record('evidence.read', caller, evidence.consentId, { purpose, evidenceId });
    return evidenceToJson(evidence, evidenceFolder(evidence));
  }

  /** The evidence folder as a ZIP. @throws DomainError `evidence.not-found` */
  async readFolder(evidenceId: string, caller: Caller, purpose: ReadingPurpose): Promise<Buffer> {
    const evidence = await this.store.getEvidence(parseEvidenceId(evidenceId), bankOf(caller));
    await this.#record('evidence.read', caller, evidence.consentId, { purpose, evidenceId });
    return packFolder(evidence.evidenceId, evidenceFolder(evidence));
  }

  /** Today's verdict. @throws DomainError `evidence.not-found` */
  async verifyEvidence(evidenceId: string, caller: Caller, purpose: ReadingPurpose): Promise<Report> {
    const evidence = await this.store.getEvidence(parseEvidenceId(evidenceId), bankOf(caller));
    const report = this.verification.verify(evidence);
    const { indication } = report;
    await this.#record('evidence.verified', caller, evidence.consentId, { purpose, evidenceId, indication });
    return report;
  }

  async #record(type: string, caller: Caller, consentId: ConsentId, detail: JsonObject): Promise<void> {
    const subject = consentSubject(bankOf(caller), consentId);
    await this.trail.appendStandalone(subject, { type, at: this.clock.now(), actor: caller.clientId, detail });
  }
}
