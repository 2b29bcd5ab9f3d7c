import type { OnApplicationShutdown } from '@nestjs/common';
import type { Clock } from '../kernel/clock.ts';
import type { Environment } from '../kernel/environment.ts';
import { DomainError } from '../kernel/errors.ts';
import type { SigningKeys } from '../keys/signing-keys.ts';
import type { RelyingPartyNames } from '../verification/expectation.ts';
import type { EvidenceReport } from '../bundle/findings.ts';
import type { TrustSource } from '../bundle/trust.ts';
import { formatEvidenceReport } from '../bundle/format-evidence-report.ts';
import { maskReport, type Report } from '../verification/report.ts';
import type { ReadingPurpose } from './purpose.ts';
import { UploadVerifier, type IncomingUpload } from './upload-verifier.ts';
import { uploadDigest, VERDICT_TYPE, verdictClaims } from './verdict/verdict.ts';
import { serverSettings } from '../evidence-files/verify-settings.ts';
import type { languages } from '../evidence-files/report-phrases.ts';

export const verdictForms = ['application/json', 'application/jose', 'text/plain'] as const;
export type VerdictForm = (typeof verdictForms)[number];

/** The policy of every verdict on an upload. */
export const VERDICT_POLICY = 'bankid';

/** A request for a verdict on the caller's evidence, and the form of the answer. */
export interface VerdictRequest {
  readonly upload: IncomingUpload;
  readonly form: VerdictForm;
  /** Language of the report for people. */
  readonly language: keyof typeof languages;
}

/** A report, and what it is about. */
export interface Verified {
  readonly report: EvidenceReport;
  /** The upload, byte for byte. */
  readonly bytes: Buffer;
  readonly at: Date;
}

/** The record of a verification: the caller, the purpose, the hash of the upload and the verdict; nothing of its content. */
export interface VerificationRecord extends Pick<Report, 'indication' | 'subIndication'> {
  readonly at: Date;
  readonly caller: string;
  readonly purpose: ReadingPurpose;
  readonly sha256: string;
}

export interface VerdictOptions {
  readonly environment: Environment;
  /** PEM: the only root that may vouch for a signature. */
  readonly signatureRoot: string;
  readonly relyingParty: RelyingPartyNames;
  /** What may vouch for evidence as a whole. */
  readonly trust: TrustSource;
  readonly clock: Clock;
  /** Issuer and keys of signed verdicts; undefined means that verdicts are not signed. */
  readonly signer: { readonly issuer: string; readonly keys: SigningKeys } | undefined;
  /** Stores the record before the answer is sent. */
  readonly record: (record: VerificationRecord) => void | Promise<void>;
}

/**
 * Verifies evidence that a caller sends, with this installation's root, environment, relying party and time. Nothing of it is
 * stored, and nothing stored is read, so the answer cannot reveal whether we hold the same evidence.
 */
export class Verdicts implements OnApplicationShutdown {
  readonly #verifier: UploadVerifier;

  constructor(private readonly options: VerdictOptions) {
    const { environment, signatureRoot, relyingParty, trust, clock } = options;
    const settings = serverSettings(environment, signatureRoot, relyingParty, clock.now());
    this.#verifier = new UploadVerifier({ settings, trust });
  }

  /**
   * The verdict in the requested form: the report as JSON, a JWS over it, or a text for people that shows the
   * personal number masked.
   * @throws DomainError as {@link UploadVerifier.verify}; `request.malformed` for a signed verdict, if verdicts are not signed
   */
  async giveVerdict({ upload, form, language }: VerdictRequest): Promise<string> {
    const { signer } = this.options;
    if (form === 'application/jose' && !signer) {
      throw new DomainError('request.malformed', { detail: 'This verifier has no key for signing verdicts.' });
    }
    const verified = await this.verify(upload);
    if (form === 'application/jose' && signer) return this.#sign(signer, verified);
    const { report } = verified;
    return form === 'text/plain' ? formatEvidenceReport(maskReport(report), language) : JSON.stringify(report);
  }

  /**
   * The report itself, recorded before it is returned.
   * @throws DomainError as {@link UploadVerifier.verify}
   */
  async verify(upload: IncomingUpload): Promise<Verified> {
    const at = this.options.clock.now();
    const { report, received } = await this.#verifier.verify(upload, at);
    const { purpose, bytes } = received;
    const { indication, subIndication } = report;
    const sha256 = uploadDigest(bytes);
    await this.options.record({ at, caller: upload.caller, purpose, sha256, indication, subIndication });
    return { report, bytes, at };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#verifier.close();
  }

  #sign(
    { issuer, keys }: NonNullable<VerdictOptions['signer']>,
    { report, bytes: upload, at }: Verified,
  ): Promise<string> {
    const { environment } = this.options;
    const claims = verdictClaims({ issuer, environment, policy: VERDICT_POLICY, at, upload, report });
    return keys.sign('verdicts', Buffer.from(JSON.stringify(claims), 'utf8'), { typ: VERDICT_TYPE });
  }
}
