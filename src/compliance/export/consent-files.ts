import { Injectable } from '@nestjs/common';
import { canonicalJson } from '../../crypto/json/canonical-json.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import { BUNDLE_FILE, evidenceFolder, exportFolder } from '../../evidence-files/evidence-folder.ts';
import { EvidenceVerification } from '../../evidence/evidence-verification.ts';
import { NoPaper } from '../../papers/begin-paper.ts';
import { makeReceipt } from '../../papers/receipt.ts';
import { formatSwedishDay } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { EvidenceBundles } from '../bundles/evidence-bundles.ts';
import type { ExportRequest } from '../export-request.ts';
import { evidenceToJson } from '../read/represent-evidence.ts';
import { auditLines, reportsOf } from './beside-evidence.ts';
import type { FoundConsent } from './consent-pages.ts';
import type { ArchivedConsent } from './export-archive.ts';

/** What an export writes of each consent, by its format. */
@Injectable()
export class ConsentFiles {
  constructor(
    private readonly bundles: EvidenceBundles,
    private readonly verification: EvidenceVerification,
  ) {}

  /**
   * Opened when it is called; undefined where the evidence was erased.
   * @throws DomainError `ledger.unavailable` while the evidence has no number or, for a bundle, no head has it; and those of
   *   {@link EvidenceBundles.bundleOf}
   */
  async open(
    { consent, subject, locked, chain }: FoundConsent,
    { format, receipts }: Pick<ExportRequest, 'format' | 'receipts'>,
  ): Promise<ArchivedConsent | undefined> {
    if (!locked) return undefined;
    const { course, authorisedAt, consentId } = consent;
    const { number } = course;
    if (number === undefined) throw new DomainError('ledger.unavailable', { detail: NO_NUMBER });
    const evidence = locked.open();
    const beside = new Map<string, Buffer>();
    if (format === 'bundles') beside.set(BUNDLE_FILE, await this.bundles.bundleOf(evidence));
    if (chain) beside.set('audit.jsonl', auditLines(subject, chain.events, chain.leaf));
    const receipt = receipts ? await this.#receiptOf(evidence) : undefined;
    if (receipt) beside.set('receipt.pdf', receipt);
    if (format !== 'jsonl') for (const [name, bytes] of reportsOf(evidence)) beside.set(name, bytes);
    return {
      ...{ folder: exportFolder(number, formatSwedishDay(authorisedAt), consentId), evidence, consent, beside },
      files: format === 'folders' ? evidenceFolder(evidence) : new Map<string, Buffer>(),
      line: format === 'jsonl' ? lineOf(evidence) : undefined,
    };
  }

  /** Of evidence that passes every check today; there is no receipt of other. */
  async #receiptOf(evidence: Evidence): Promise<Buffer | undefined> {
    try {
      return await makeReceipt({ files: evidenceFolder(evidence), report: this.verification.verify(evidence) });
    } catch (error) {
      if (error instanceof NoPaper) return undefined;
      throw error;
    }
  }
}

const NO_NUMBER = 'Evidence of the period has no number in the ledger yet.';

/** As `GET /evidence/{id}` answers. */
function lineOf(evidence: Evidence): Buffer {
  return Buffer.from(`${canonicalJson(evidenceToJson(evidence, evidenceFolder(evidence)))}\n`, 'utf8');
}
