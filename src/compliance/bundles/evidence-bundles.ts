import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.ts';
import { withSeals } from '../../bundle/with-seals.ts';
import { manifestOf, sealedMembers, writeBundle, type LedgerFiles } from '../../bundle/container.ts';
import { formatProofFile } from '../../crypto/tlog/proof-file.ts';
import { Database } from '../../database/database.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import { KeptBundles } from '../../evidence/kept-bundles.ts';
import { evidenceFolder } from '../../evidence-files/evidence-folder.ts';
import { DomainError } from '../../kernel/errors.ts';
import { consentSubject } from '../../kernel/subject.ts';
import { Ledger } from '../../ledger/ledger.ts';
import { Seals } from '../../seals/seals.ts';

/** A head follows within LEDGER_HEAD_SECONDS, a minute unless set otherwise. */
const RETRY_AFTER_SECONDS = 10;

/**
 * Evidence as one sealed file. It is made at the first request and kept: every later request, also of a later version and of another
 * instance, gets the same bytes.
 */
@Injectable()
export class EvidenceBundles {
  constructor(
    private readonly kept: KeptBundles,
    private readonly ledger: Ledger,
    private readonly seals: Seals,
    private readonly trail: AuditTrail,
    private readonly database: Database,
  ) {}

  /**
   * @throws DomainError `evidence.no-bundle` if this installation seals nothing; `ledger.unavailable` while no published head
   *   has it; `evidence.not-sealable` while a timestamp or a CRL is not to be had
   */
  async bundleOf(evidence: Evidence): Promise<Buffer> {
    const kept = await this.#findKept(evidence);
    if (kept) return kept;
    await this.#make(evidence);
    const made = await this.#findKept(evidence);
    if (!made) throw new Error(`the bundle of ${evidence.evidenceId} was kept and is gone`);
    return made;
  }

  async #findKept(evidence: Evidence): Promise<Buffer | undefined> {
    const [bundle, ...seals] = await this.kept.findParts(evidence);
    return bundle && withSeals(bundle, seals);
  }

  /** Of two that are made at the same time, the first to be inserted is kept, and the other one is forgotten. */
  async #make(evidence: Evidence): Promise<void> {
    this.seals.checkConfigured();
    const members = sealedMembers(evidenceFolder(evidence), await this.#ledgerFiles(evidence));
    const { seal, at } = await this.seals.seal(manifestOf(members, 1));
    const bundle = writeBundle(members, seal);
    await this.database.inTransaction(async (tx) => {
      if (!(await this.kept.keepPart(tx, evidence, 1, bundle, at))) return;
      const { bank, consentId, evidenceId } = evidence;
      const detail = { evidenceId, sha256: hash('sha256', bundle, 'hex') };
      const event = { type: 'evidence.sealed', at, actor: 'service', detail };
      await this.trail.appendEvent(tx, consentSubject(bank, consentId), event);
    });
  }

  async #ledgerFiles({ bank, evidenceId }: Evidence): Promise<LedgerFiles> {
    const covered = await this.ledger.findCovered(bank, evidenceId);
    if (covered === 'not-yet') {
      const detail = 'No published head of the ledger has the evidence yet.';
      throw new DomainError('ledger.unavailable', { detail, retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    const { index, proof, checkpoint, timestamp } = covered;
    const file = formatProofFile({ index, proof, checkpoint: Buffer.from(checkpoint, 'utf8') });
    return { proof: Buffer.from(file, 'utf8'), checkpointToken: timestamp };
  }
}
