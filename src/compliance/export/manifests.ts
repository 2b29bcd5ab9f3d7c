import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import type { Clock } from '../../kernel/clock.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Seals } from '../../seals/seals.ts';
import type { ExportRequest } from '../export-request.ts';
import type { ExportArchive } from './export-archive.ts';
import { ExportLedger } from './ledger/export-ledger.ts';
import { Manifest, type ExportApproval } from './manifest.ts';

/** The order that an export is of. */
interface ManifestOrder {
  readonly orderedAt?: Date;
  readonly approval?: ExportApproval | undefined;
  readonly patienceMs?: number;
}

/** Creates the manifests of this installation's exports, and seals them under its certificate. */
@Injectable()
export class Manifests {
  constructor(
    private readonly seals: Seals,
    private readonly ledger: ExportLedger,
    @Inject(CONFIG) private readonly config: Pick<AppConfig, 'environment'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Waits for the numbers of the export and for a head that has them.
   * @throws DomainError, before anything is exported: `evidence.no-bundle` if this installation cannot seal; `ledger.unavailable`
   */
  async begin(
    exportId: string,
    request: ExportRequest,
    { orderedAt, approval, patienceMs }: ManifestOrder = {},
  ): Promise<Manifest> {
    this.seals.checkConfigured();
    const { environment } = this.config;
    const answered = await this.ledger.find(request, patienceMs);
    return new Manifest(exportId, { environment, answered, orderedAt, at: this.clock.now(), approval }, request);
  }

  /**
   * What the export says of each number that it answers for. Call it when all consents were added.
   * @throws DomainError `ledger.unavailable` where the leaves are not those of the published head
   */
  async addLedger(manifest: Manifest, archive: ExportArchive): Promise<void> {
    const { answered } = manifest;
    if ('absent' in answered) return;
    const lines = this.ledger.lines(answered, manifest.request);
    for (;;) {
      const { done, value } = await lines.next();
      if (done) {
        manifest.addNumbers(value);
        return;
      }
      archive.ledgerLine(answered.covered, value);
    }
  }

  /**
   * A detached CAdES seal over the bytes of a manifest, in DER, with a timestamp and CRLs, as bundles have.
   * @throws DomainError `evidence.not-sealable` while a timestamp or a CRL is not to be had
   */
  async seal(bytes: Buffer): Promise<Buffer> {
    const { seal } = await this.seals.seal(bytes);
    return seal.signature;
  }
}
