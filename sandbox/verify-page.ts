import type { DynamicModule } from '@nestjs/common';
import { relyingPartyNames } from '../src/bankid-sign/relying-party-name.ts';
import type { AppConfig } from '../src/config/config.ts';
import type { Clock } from '../src/kernel/clock.ts';
import { SigningKeys } from '../src/keys/signing-keys.ts';
import { ownTrust } from '../src/uploads/own-trust.ts';
import { VerifyPageModule } from '../src/uploads/page.module.ts';

/** `/verify` on the sandbox's own address. The service has no such page: no people log in there. */
export function verifyPageModule(config: AppConfig, clock: Clock): DynamicModule {
  const { environment, bankid } = config;
  return VerifyPageModule.forRoot({
    environment,
    signatureRoot: bankid.signatureRoot,
    relyingParty: relyingPartyNames(bankid),
    trust: ownTrust(config, new SigningKeys(config.signingKeys)),
    clock,
    signer: undefined,
    callerOf: () => 'loopback',
    record: () => undefined,
  });
}
