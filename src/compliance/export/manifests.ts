import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import type { Clock } from '../../kernel/clock.ts';
import { SigningKeys } from '../../keys/signing-keys.ts';
import { CLOCK } from '../../operations/clock.ts';
import type { ExportRequest } from '../export-request.ts';
import { Manifest } from './manifest.ts';

/** Creates the manifests of this installation's exports, and seals them with its key. */
@Injectable()
export class Manifests {
  constructor(
    private readonly keys: SigningKeys,
    @Inject(CONFIG) private readonly config: Pick<AppConfig, 'environment'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  begin(exportId: string, request: ExportRequest): Manifest {
    return new Manifest(exportId, this.config.environment, request, this.clock.now());
  }

  /** A detached JWS over the bytes of a manifest. */
  seal(bytes: Buffer): Promise<string> {
    return this.keys.signDetached('exports', bytes, { typ: 'sigill-export' });
  }
}
