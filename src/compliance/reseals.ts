import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.ts';
import { manifestOf, MAX_SEALS } from '../bundle/container.ts';
import { readBundle } from '../bundle/read-bundle.ts';
import { withSeals } from '../bundle/with-seals.ts';
import { Database } from '../database/database.ts';
import { KeptBundles } from '../evidence/kept-bundles.ts';
import type { EvidenceSummary } from '../evidence/evidence.ts';
import { DomainError } from '../kernel/errors.ts';
import { consentSubject } from '../kernel/subject.ts';
import { Seals } from '../seals/seals.ts';

type Outcome = 'resealed' | 'current' | 'erased' | 'full' | 'damaged';

/** How many bundles got a further seal, had one by today's certificate, were erased, have nine seals, or are damaged. */
export type ResealSummary = Readonly<Record<Outcome, number>>;

type Owner = Pick<EvidenceSummary, 'evidenceId' | 'consentId' | 'bank'>;

/**
 * Puts a seal by today's certificate behind the seals of every bundle that has none by it, for when the key of the earlier ones is
 * suspect or old. The earlier seals stay. What was done is kept bundle by bundle, so the run can be repeated after any failure.
 */
@Injectable()
export class Reseals {
  constructor(
    private readonly kept: KeptBundles,
    private readonly seals: Seals,
    private readonly trail: AuditTrail,
    private readonly database: Database,
  ) {}

  /** @throws DomainError `evidence.no-bundle`, `evidence.not-sealable` */
  async run(actor: string): Promise<ResealSummary> {
    this.seals.checkConfigured();
    const summary = { resealed: 0, current: 0, erased: 0, full: 0, damaged: 0 };
    for await (const owner of this.kept.listOwners()) summary[await this.#reseal(owner, actor)] += 1;
    return summary;
  }

  async #reseal(owner: Owner, actor: string): Promise<Outcome> {
    const [bundle, ...further] = await this.#partsOf(owner);
    if (!bundle) return 'erased';
    const whole = await readBundle(await withSeals(bundle, further));
    const newest = whole.seals.at(-1);
    if (whole.fault || !newest) return 'damaged';
    if (this.seals.isCurrent(newest.signature)) return 'current';
    const number = newest.number + 1;
    if (number > MAX_SEALS) return 'full';
    const { seal, at } = await this.seals.seal(manifestOf(whole.members, number));
    const { evidenceId, bank, consentId } = owner;
    const sha256 = hash('sha256', await withSeals(bundle, [...further, seal.signature]), 'hex');
    return this.database.inTransaction(async (tx) => {
      // Another run has added its own, which is of today too.
      if (!(await this.kept.keepPart(tx, owner, number, seal.signature, at))) return 'current';
      const event = { type: 'evidence.resealed', at, actor, detail: { evidenceId, number, sha256 } };
      await this.trail.appendEvent(tx, consentSubject(bank, consentId), event);
      return 'resealed';
    });
  }

  async #partsOf(owner: Owner): Promise<readonly Buffer[]> {
    try {
      return await this.kept.findParts(owner);
    } catch (error) {
      if (error instanceof DomainError && error.code === 'evidence.not-found') return [];
      throw error;
    }
  }
}
