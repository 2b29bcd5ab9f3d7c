import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.ts';
import { Database, type Tx } from '../database/database.ts';
import { LONGEST_YEAR, retentionEnd } from '../evidence/retention.ts';
import type { Clock } from '../kernel/clock.ts';
import { consentSubject } from '../kernel/subject.ts';
import { CLOCK } from '../operations/clock.ts';
import { compress, decompress } from '../vault/compressed.ts';
import { Envelope } from '../vault/envelope.ts';
import { LedgerLogs } from './log/ledger-logs.ts';
import { readEvidenceFile } from './returns/evidence-file.ts';
import {
  insertReturned,
  selectLost,
  selectReturned,
  wasErased,
  type LostLeaf,
} from './returns/returned-evidence.repository.ts';

const SEAL_KIND = 'returned-evidence';

/** Evidence that was brought back to its leaf. */
export interface EvidenceReturn extends LostLeaf {
  readonly evidenceId: string;
}

/** Brings evidence back that a database which was set back has lost, from a file that a bank or an auditor kept. */
@Injectable()
export class LedgerReturns {
  constructor(
    private readonly database: Database,
    private readonly logs: LedgerLogs,
    private readonly envelope: Envelope,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Keeps the file, sealed, if its digest is that of a lost leaf. Undefined if it is of none, if something was brought back to the
   * leaf before, or if it was erased at the end of its retention.
   * @throws Malformed, ArchiveRefused where it is no whole evidence
   */
  async bring(file: Buffer, actor: string): Promise<EvidenceReturn | undefined> {
    const { digest, evidenceId, consentId, signedAt } = await readEvidenceFile(file);
    const [leaf] = await selectLost(this.database, await this.logs.banks(), digest);
    const subject = leaf && consentSubject(leaf.bank, consentId);
    if (!leaf || !subject || (await wasErased(this.database, subject))) return undefined;
    const known = await this.envelope.findDataKey(this.database, subject);
    const fresh = known ? undefined : this.envelope.newDataKey(subject);
    const key = known ?? fresh?.key;
    if (!key) return undefined;
    const sealed = key.seal(SEAL_KIND, evidenceId, compress(file));
    // The longest, because nothing here says what it authorised, nor how the bank's financial year was then.
    const retentionEndsAt = retentionEnd('accepted', signedAt ?? this.clock.now(), LONGEST_YEAR);
    const returned = { ...leaf, evidenceId, subject, sealed, retentionEndsAt };
    await this.database.inTransaction(async (tx) => {
      await insertReturned(tx, returned, fresh?.stored);
      await this.#record(tx, 'evidence.returned', { actor, ...leaf, evidenceId });
    });
    return { ...leaf, evidenceId };
  }

  /** The file as it was brought back; undefined if none was, or it was erased. The reading is recorded first. */
  async read(leaf: LostLeaf, actor: string, purpose: string): Promise<Buffer | undefined> {
    const found = await selectReturned(this.database, leaf);
    const key = found && (await this.envelope.findDataKey(this.database, found.subject));
    if (!key) return undefined;
    const { evidenceId } = found;
    await this.database.inTransaction((tx) =>
      this.#record(tx, 'evidence.exported', { actor, ...leaf, evidenceId, purpose }),
    );
    return decompress(key.open(SEAL_KIND, found.evidenceId, found.sealed));
  }

  /** In a chain of its own, because that of the consent may be lost. */
  async #record(
    tx: Tx,
    type: string,
    { actor, ...detail }: Readonly<Record<string, string | number>> & { readonly actor: string },
  ): Promise<void> {
    await this.audit.appendEvent(tx, `return:${randomUUID()}`, { type, at: this.clock.now(), actor, detail });
  }
}
