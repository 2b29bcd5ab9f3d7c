import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.ts';
import { relyingPartyName } from '../bankid-sign/relying-party-name.ts';
import { CONFIG, type AppConfig } from '../config/config.ts';
import { SignatureTrust } from '../evidence/signature-trust.ts';
import type { Clock } from '../kernel/clock.ts';
import { SigningKeys } from '../keys/signing-keys.ts';
import { CLOCK } from '../platform/clock.ts';
import type { Caller } from '../tpp/access.ts';
import type { Report } from '../verification/report.ts';
import type { VerdictForm } from '../verifying/incoming-upload.ts';
import type { ReadingPurpose } from '../verifying/purpose.ts';
import { UploadVerifier, type IncomingUpload } from '../verifying/upload-verifier.ts';
import { serverSettings } from '../verifying/verify-settings.ts';
import { VERDICT_TYPE, uploadDigest, verdictClaims } from '../verifying/verdict.ts';

/**
 * Verifies evidence that a bank or an auditor sends. Trust, environment, relying party and time are this installation's.
 * Nothing of it is stored, and nothing stored is looked at: the answer cannot tell whether we hold the same.
 */
@Injectable()
export class EvidenceUploads implements OnApplicationShutdown {
  readonly #verifier: UploadVerifier;

  constructor(
    trust: SignatureTrust,
    private readonly trail: AuditTrail,
    private readonly keys: SigningKeys,
    @Inject(CONFIG) private readonly config: AppConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    const relyingParty = relyingPartyName(config.bankid.certificate);
    this.#verifier = new UploadVerifier(serverSettings(config.environment, trust.rootPem, relyingParty, clock.now()));
  }

  /**
   * The report, or a JWS over it. It is given only after the caller's chain of events says who asked, why, about which bytes
   * and what the verdict was.
   * @throws DomainError as {@link UploadVerifier.verify}
   */
  async verify(
    incoming: IncomingUpload,
    form: VerdictForm,
    caller: Caller,
    purpose: ReadingPurpose,
  ): Promise<Report | string> {
    const at = this.clock.now();
    const { report, bytes } = await this.#verifier.verify(incoming, at);
    const { indication, subIndication } = report;
    await this.trail.appendStandalone(`caller:${caller.clientId}`, {
      type: 'upload.verified',
      at,
      actor: caller.clientId,
      detail: { purpose, sha256: uploadDigest(bytes), indication, subIndication },
    });
    return form === 'application/jose' ? this.#sign(report, bytes, at) : report;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#verifier.close();
  }

  async #sign(report: Report, upload: Uint8Array, at: Date): Promise<string> {
    const { issuer, environment } = this.config;
    const claims = verdictClaims({ issuer, environment, policy: 'bankid', at, upload, report });
    return this.keys.sign('verdicts', Buffer.from(JSON.stringify(claims), 'utf8'), { typ: VERDICT_TYPE });
  }
}
