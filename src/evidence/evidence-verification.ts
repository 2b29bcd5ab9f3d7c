import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../kernel/clock.ts';
import { CLOCK } from '../operations/clock.ts';
import type { Report } from '../verification/report.ts';
import { verifyExported } from '../verification/verify-exported.ts';
import type { Evidence } from './evidence.ts';
import { evidenceFolder, LOGIN_FILE } from '../evidence-files/evidence-folder.ts';
import type { Identification } from './identification.ts';
import { SignatureTrust } from './signature-trust.ts';

/** Verifies stored evidence again, as anyone with its folder can. */
@Injectable()
export class EvidenceVerification {
  constructor(
    private readonly trust: SignatureTrust,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Today's verdict on stored evidence, for the relying party that was stored with it. */
  verify(evidence: Evidence | Identification): Report {
    const folder = evidenceFolder(evidence);
    return verifyExported(
      { signature: evidence.signature, ocspResponse: evidence.ocsp, personalNumber: undefined },
      {
        consentJson: folder.get('consent.json'),
        loginJson: folder.get(LOGIN_FILE),
        copies: {
          visibleText: folder.get('visible-text.txt'),
          nonVisibleData: folder.get('non-visible.json'),
          report: folder.get('report.json'),
          circumstances: folder.get('circumstances.json'),
          root: folder.get('bankid-root.pem'),
        },
      },
      {
        trust: this.trust.anchors,
        policy: this.trust.policy,
        time: { now: this.clock.now(), vouchedAt: undefined },
        relyingParty: evidence.relyingPartyName,
      },
    );
  }
}
