import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import type { Clock } from '../../kernel/clock.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Seals } from '../../seals/seals.ts';
import type { ExportRequest } from '../export-request.ts';
import { Manifest } from './manifest.ts';

/** Creates the manifests of this installation's exports, and seals them under its certificate. */
@Injectable()
export class Manifests {
  constructor(
    private readonly seals: Seals,
    @Inject(CONFIG) private readonly config: Pick<AppConfig, 'environment'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws DomainError `evidence.no-bundle` if this installation cannot seal, before anything is exported */
  begin(exportId: string, request: ExportRequest): Manifest {
    this.seals.checkConfigured();
    return new Manifest(exportId, this.config.environment, request, this.clock.now());
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
