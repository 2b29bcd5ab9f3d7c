import type { Environment } from '../kernel/environment.ts';
import type { LoginId, OrderId } from '../kernel/ids.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { LoginFolderContent } from '../evidence-files/evidence-folder.ts';
import type { EvidenceSummary } from './evidence.ts';

/** The circumstances of a login, from the caller; what was signed comes from the verifier. */
export interface IdentificationRecord {
  readonly loginId: LoginId;
  readonly clientId: string;
  readonly environment: Environment;
  readonly orderId: OrderId;
  /** `completionData.signature`, base64 text exactly as delivered. */
  readonly signatureText: string;
  /** `completionData.ocspResponse`, base64. */
  readonly ocspBase64: string | undefined;
  /** The personal number in BankID's answer. Only its keyed hash is stored beside the evidence. */
  readonly personalNumber: string;
  /** The login as stored: becomes login.json in its RFC 8785 form. */
  readonly loginJson: JsonObject;
  /** The bytes that were sent for signing. */
  readonly visibleText: Uint8Array;
  readonly nonVisibleData: Uint8Array;
  readonly circumstances: JsonObject;
  readonly relyingPartyName: string;
  readonly receivedAt: Date;
}

/** The open part of a row: no personal data. An accepted identification logged its person in. */
export interface IdentificationSummary extends Omit<EvidenceSummary, 'consentId' | 'bank'> {
  readonly loginId: LoginId;
}

/** A row of `identification`: the summary and the sealed body. */
export interface SealedIdentification {
  readonly summary: IdentificationSummary;
  readonly subject: string;
  /** Names a row of `signature_root`. */
  readonly rootSha256: Buffer;
  readonly sealed: Buffer;
  /** Of the signer, for `person_trace`. */
  readonly personHash: Buffer;
}

/** An identification as it is stored, with its data key at hand. */
export interface LockedIdentification {
  readonly summary: IdentificationSummary;
  /** Undefined if the data key was destroyed. @throws Error when the row was altered */
  open(): Identification | undefined;
}

/** A decrypted row. */
export interface Identification extends IdentificationSummary, Omit<LoginFolderContent, 'evidenceDigest'> {
  readonly relyingPartyName: string;
}
