import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { Logger } from 'pino';
import { AuditModule } from './audit/audit.module.ts';
import { BankIdSignModule } from './bankid-sign/bankid-sign.module.ts';
import { TimingsModule } from './bankid-sign/timings.module.ts';
import type { Timings } from './bankid-sign/timings.ts';
import { ClientAuthModule } from './client-auth/client-auth.module.ts';
import { ComplianceModule } from './compliance/compliance.module.ts';
import { ConsentModule } from './consent/consent.module.ts';
import { EvidenceModule } from './evidence/evidence.module.ts';
import { FoundationModule, type FoundationOptions } from './foundation.module.ts';
import { HealthModule } from './health/health.module.ts';
import { edgeErrors } from './http/edge-errors.ts';
import { shedding } from './http/shedding.ts';
import { KeysModule } from './keys/keys.module.ts';
import { LedgerModule } from './ledger/ledger.module.ts';
import { OpenApiModule } from './openapi/openapi.module.ts';
import { LoginModule } from './login/login.module.ts';
import { loggingModule } from './operations/logging.ts';
import { PayerModule } from './payer/payer.module.ts';
import { TimestampsModule } from './timestamps/timestamps.module.ts';
import { RightsModule } from './rights/rights.module.ts';
import { FloodGuard, throttlingModule } from './rates/throttling.ts';
import { TokenModule } from './token/token.module.ts';

export interface ServiceOptions extends FoundationOptions {
  readonly logger: Logger;
  readonly timings: Timings;
  readonly modules: readonly DynamicModule[];
}

/**
 * The whole service. Guards run in the order of their providers: excess requests, in total or from one address, are refused
 * before anything is verified.
 */
@Module({})
export class AppModule {
  static forRoot(options: ServiceOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [
        FoundationModule.forRoot(options),
        loggingModule(options.logger),
        throttlingModule(options.config),
        HealthModule,
        OpenApiModule,
        AuditModule,
        KeysModule,
        TimestampsModule,
        ClientAuthModule,
        TimingsModule.forRoot(options.timings),
        BankIdSignModule,
        EvidenceModule,
        LedgerModule,
        ConsentModule,
        LoginModule,
        TokenModule,
        PayerModule,
        ComplianceModule,
        RightsModule,
        ...options.modules,
      ],
      providers: [...shedding, { provide: APP_GUARD, useClass: FloodGuard }, ...edgeErrors],
    };
  }
}
