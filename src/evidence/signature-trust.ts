import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '../config/config.ts';
import { policies, type Policy } from '../verification/policy.ts';
import { acceptAnchors, anchorKinds, parseTrustAnchor, type TrustAnchors } from '../verification/trust-anchors.ts';

/** The root that may vouch for a payer's signature in this installation. Its kind follows from the environment. */
@Injectable()
export class SignatureTrust {
  readonly anchors: TrustAnchors;
  readonly policy: Policy = policies.bankid;
  /** PEM, for the evidence folder. */
  readonly rootPem: string;
  /** Of the PEM text: by this, evidence names the root. */
  readonly rootSha256: Buffer;

  /** @throws TrustAnchorRefused if the configured root is not one of this environment */
  constructor(@Inject(CONFIG) config: AppConfig) {
    this.rootPem = config.bankid.signatureRoot;
    this.rootSha256 = sha256OfPem(this.rootPem);
    const kind = anchorKinds[config.environment];
    const anchor = parseTrustAnchor(this.rootPem, kind === 'unpinned' ? 'accept-unpinned' : 'refuse-unpinned');
    this.anchors = acceptAnchors([anchor], [kind]);
    if (this.anchors.roots.length === 0) {
      throw new TypeError(
        `the configured BankID signature root is for ${anchor.kind}, but SIGILL_ENV is ${config.environment}`,
      );
    }
  }
}

export function sha256OfPem(pem: string): Buffer {
  return createHash('sha256').update(pem, 'utf8').digest();
}
