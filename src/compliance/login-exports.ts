import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.ts';
import { evidenceFolder } from '../evidence-files/evidence-folder.ts';
import type { Identification } from '../evidence/identification.ts';
import { IdentificationStore } from '../evidence/identification-store.ts';
import type { Clock } from '../kernel/clock.ts';
import { loginSubject } from '../kernel/subject.ts';
import { CLOCK } from '../operations/clock.ts';
import { packFolder } from '../crypto/zip/zip-writer.ts';
import { ExportRequestError, type LoginExportRequest } from './export-request.ts';

/** The evidence folder of one identification, as a ZIP. */
export interface LoginExport {
  readonly zip: Buffer;
  readonly evidenceId: string;
  readonly kind: Identification['kind'];
  /** Other evidence of the same login. */
  readonly others: readonly string[];
}

/** The operator's export of what a person identified for. It is recorded in the login's chain of events before it is handed over. */
@Injectable()
export class LoginExports {
  constructor(
    private readonly store: IdentificationStore,
    private readonly trail: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The identification that is asked for; without one the accepted one or, where none was accepted, the first.
   * @throws ExportRequestError if there is none, or it was erased at the end of its retention
   */
  async export({ loginId, evidenceId, purpose, requestedBy: actor }: LoginExportRequest): Promise<LoginExport> {
    const found = await this.store.findOpened(loginId);
    const wanted = evidenceId === undefined ? found[0] : found.find((one) => one.evidenceId === evidenceId);
    if (!wanted) throw new ExportRequestError('the login has no such evidence, or it was erased');
    const detail = { evidenceId: wanted.evidenceId, purpose };
    const event = { type: 'evidence.exported', at: this.clock.now(), actor, detail };
    await this.trail.appendStandalone(loginSubject(wanted.clientId, loginId), event);
    return {
      zip: packFolder(wanted.evidenceId, evidenceFolder(wanted)),
      evidenceId: wanted.evidenceId,
      kind: wanted.kind,
      others: found.filter((one) => one !== wanted).map((one) => one.evidenceId),
    };
  }
}
