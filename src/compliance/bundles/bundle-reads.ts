import { hash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.ts';
import type { Caller } from '../../client-auth/access.ts';
import { EvidenceStore } from '../../evidence/evidence-store.ts';
import type { Clock } from '../../kernel/clock.ts';
import { parseEvidenceId } from '../../kernel/ids.ts';
import { consentSubject } from '../../kernel/subject.ts';
import { CLOCK } from '../../operations/clock.ts';
import type { ReadingPurpose } from '../../uploads/purpose.ts';
import { bankOf } from '../read/bank-of.ts';
import { EvidenceBundles } from './evidence-bundles.ts';

/** Bundles for a bank and its auditors. Each reading is recorded, with the digest of what is handed over, before the answer is sent. */
@Injectable()
export class BundleReads {
  constructor(
    private readonly store: EvidenceStore,
    private readonly bundles: EvidenceBundles,
    private readonly trail: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws DomainError `evidence.not-found`, and those of {@link EvidenceBundles.bundleOf} */
  async readBundle(id: string, caller: Caller, purpose: ReadingPurpose): Promise<Buffer> {
    const evidence = await this.store.getEvidence(parseEvidenceId(id), bankOf(caller));
    const bundle = await this.bundles.bundleOf(evidence);
    const { evidenceId, bank, consentId } = evidence;
    const detail = { purpose, evidenceId, sha256: hash('sha256', bundle, 'hex') };
    const event = { type: 'evidence.read', at: this.clock.now(), actor: caller.clientId, detail };
    await this.trail.appendStandalone(consentSubject(bank, consentId), event);
    return bundle;
  }
}
