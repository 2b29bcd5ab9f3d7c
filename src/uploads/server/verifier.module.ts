import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import { CONFIG } from '../../config/config.ts';
import type { VerifierConfig } from '../../config/parse-verifier-config.ts';
import type { Clock } from '../../kernel/clock.ts';
import { SigningKeys } from '../../keys/signing-keys.ts';
import { edgeErrors } from '../../http/edge-errors.ts';
import { loggingModule } from '../../operations/logging.ts';
import { Metrics } from '../../operations/metrics.ts';
import { callerOfConnection } from '../page/caller.ts';
import { VerifierController } from '../page/verifier.controller.ts';
import { VerifyPageModule } from '../page.module.ts';

/** `sigill serve-verifier`: only the routes for uploads, without a database; records go to the log. */
@Module({})
export class VerifierModule {
  static forRoot(config: VerifierConfig, clock: Clock, logger: Logger): DynamicModule {
    const { environment, signatureRoot, relyingParty, verdicts, trust } = config;
    const keys = new SigningKeys(verdicts?.keys ?? []);
    return {
      module: VerifierModule,
      imports: [
        loggingModule(logger),
        VerifyPageModule.forRoot({
          environment,
          signatureRoot,
          relyingParty,
          trust: { ...trust, ownLedgers: [], kept: undefined },
          clock,
          signer: verdicts && { issuer: verdicts.issuer, keys },
          callerOf: config.tls ? callerOfConnection : () => 'loopback',
          record: ({ at: _, ...line }) => logger.info({ msg: 'upload verified', ...line }),
        }),
      ],
      controllers: [VerifierController],
      providers: [
        { provide: SigningKeys, useValue: keys },
        // The type of a problem is relative, because this server does not know its own URL.
        { provide: CONFIG, useValue: { issuer: '' } },
        Metrics,
        ...edgeErrors,
      ],
    };
  }
}
