import type { FactoryProvider } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.ts';
import { relyingPartyNames } from '../bankid-sign/relying-party-name.ts';
import { CONFIG, type AppConfig } from '../config/config.ts';
import { SignatureTrust } from '../evidence/signature-trust.ts';
import type { Clock } from '../kernel/clock.ts';
import { SigningKeys } from '../keys/signing-keys.ts';
import { CLOCK } from '../operations/clock.ts';
import { ownTrust } from '../uploads/own-trust.ts';
import { Verdicts } from '../uploads/verdicts.ts';

/** Verdicts with what this installation trusts; each is written down in the caller's own chain of events before it is given. */
export const verdictsOfService: FactoryProvider<Verdicts> = {
  provide: Verdicts,
  inject: [SignatureTrust, AuditTrail, SigningKeys, CONFIG, CLOCK],
  useFactory: (signatureTrust: SignatureTrust, trail: AuditTrail, keys: SigningKeys, config: AppConfig, clock: Clock) =>
    new Verdicts({
      environment: config.environment,
      signatureRoot: signatureTrust.rootPem,
      relyingParty: relyingPartyNames(config.bankid),
      trust: ownTrust(config, keys),
      clock,
      signer: { issuer: config.issuer, keys },
      record: ({ at, caller, ...detail }) =>
        trail.appendStandalone(`caller:${caller}`, { type: 'upload.verified', at, actor: caller, detail }),
    }),
};
