import type { DynamicModule } from '@nestjs/common';
import { relyingPartyNames } from '../src/bankid-sign/relying-party-name.ts';
import type { AppConfig } from '../src/config/config.ts';
import type { Clock } from '../src/kernel/clock.ts';
import { VerifyPageModule } from '../src/uploads/page.module.ts';

/** `/verify` on the sandbox's own address. The service has no such page: no people log in there. */
export function verifyPageModule({ environment, bankid }: AppConfig, clock: Clock): DynamicModule {
  return VerifyPageModule.forRoot({
    environment,
    signatureRoot: bankid.signatureRoot,
    relyingParty: relyingPartyNames(bankid),
    clock,
    signer: undefined,
    callerOf: () => 'loopback',
    record: () => undefined,
  });
}
